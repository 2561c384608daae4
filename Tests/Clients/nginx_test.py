"""nginx in front of the daemon, with the example that ships: the prefix goes, streams pass, nobody is local."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from host import SQUARE, Host

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "deploy/nginx.conf"

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{secure} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        include {folder}/example.conf;
    }}
}}
"""


def free_ports(count):
    links = [socket.socket() for _ in range(count)]
    for link in links:
        link.bind(("127.0.0.1", 0))
    ports = [link.getsockname()[1] for link in links]
    for link in links:
        link.close()
    return ports


class Nginx:
    """nginx with the example of deploy/ in front of a daemon. Use as a context manager."""

    def __init__(self, host):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            raise AssertionError("nginx is not installed; on Debian: apt-get install nginx-light")
        self.folder = tempfile.TemporaryDirectory()
        folder = self.folder.name
        # Started by root, its workers are somebody else and keep bodies here.
        os.chmod(folder, 0o755)
        self.plain, self.secure = free_ports(2)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
            check=True, capture_output=True, timeout=60,
        )
        example = EXAMPLE.read_text()
        assert example.count("127.0.0.1:8080") == 2, "the example has changed"
        pathlib.Path(f"{folder}/example.conf").write_text(example.replace("127.0.0.1:8080", f"127.0.0.1:{host.port}"))
        pathlib.Path(f"{folder}/nginx.conf").write_text(
            CONFIGURATION.format(folder=folder, plain=self.plain, secure=self.secure)
        )
        self.process = subprocess.Popen(
            [program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-p", folder], stderr=subprocess.PIPE
        )

    def __enter__(self):
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.plain), timeout=5).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"nginx does not start: {self.process.stderr.read().decode()}")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.process.stderr.close()
        self.folder.cleanup()

    def connection(self, secure=False):
        if not secure:
            return http.client.HTTPConnection("127.0.0.1", self.plain, timeout=60)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.secure, timeout=60, context=context)

    def ask(self, method, path, body=None, secure=False, **headers):
        """One request; an underscore in the name of a field stands for a hyphen."""
        link = self.connection(secure)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body=body, headers=fields)
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text


class BehindNginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(configuration={"proxies": ["127.0.0.1"]})
        cls.addClassCleanup(cls.host.__exit__)
        cls.key = "Bearer " + cls.host.run("keys", "add", "web", "--role", "operator", "--simulated")
        cls.viewer = "Bearer " + cls.host.run("keys", "add", "eye", "--role", "viewer", "--simulated")
        cls.host.__enter__()
        cls.nginx = Nginx(cls.host)
        cls.nginx.__enter__()
        cls.addClassCleanup(cls.nginx.__exit__)

    def test_the_prefix_goes(self):
        self.assertEqual(self.nginx.ask("GET", "/plotter/healthz")[0], 200)
        self.assertIn(self.nginx.ask("GET", "/healthz")[0], (403, 404))
        status, headers, text = self.nginx.ask(
            "POST", "/plotter/v1/devices/plot1/jobs?hold=true", SQUARE, Authorization=self.key,
            Content_Type="image/svg+xml",
        )
        self.assertEqual(status, 201, text)
        self.assertRegex(headers["Location"], "^/plotter/v1/jobs/[0-9A-Za-z]{26}$")
        status, _, text = self.nginx.ask("GET", headers["Location"], Authorization=self.viewer)
        self.assertEqual((status, json.loads(text)["device"]), (200, "plot1"))

    def test_the_page_works_below_it(self):
        status, _, page = self.nginx.ask("GET", "/plotter/", Authorization=self.viewer, Accept="text/html")
        self.assertEqual(status, 200)
        for start in ['href="/', 'src="/', 'action="/']:
            self.assertNotIn(start, page)
        for file in ["page.css", "page.js", "icon.svg"]:
            self.assertIn(f'"{file}"', page)
            status, _, text = self.nginx.ask("GET", f"/plotter/{file}")
            self.assertEqual(status, 200)
            self.assertNotIn("'/v1", text)

    def test_forwarded_requests_need_a_key(self):
        for fields in [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"X-Real-Ip": "127.0.0.1"}]:
            status, headers, _ = self.nginx.ask("GET", "/plotter/v1/devices", **fields)
            self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"), fields)
        self.assertEqual(self.nginx.ask("GET", "/plotter/v1/devices", Authorization=self.viewer)[0], 200)
        self.assertEqual(
            self.nginx.ask("POST", "/plotter/v1/devices/plot1/stop", Authorization=self.viewer)[0], 403
        )
        status = self.host.ask("GET", "/v1/devices")[0]
        self.assertEqual(status, 401, "with a proxy set, loopback is trusted no more: one might add no field")

    def test_streams_pass_at_once(self):
        link = self.nginx.connection()
        link.request("GET", "/plotter/v1/events", headers={"Authorization": self.viewer})
        answer = link.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        lines = iter(answer.readline, b"")
        self.assertEqual(next(lines), b"retry: 2000\n")
        self.assertIn(b"event: snapshot\n", (next(lines) for _ in range(3)))
        # Nothing follows of itself, so what comes now came through while the stream was open.
        made = self.nginx.ask("POST", "/plotter/v1/devices/plot1/pen?to=down", Authorization=self.key)
        self.assertIn(made[0], (200, 409))
        self.nginx.ask("POST", "/plotter/v1/devices/plot1/reset", Authorization=self.key)
        self.assertTrue(any(line == b"event: state\n" for line in lines))
        answer.close()
        link.close()

    def cookie(self, secure):
        status, headers, _ = self.nginx.ask(
            "POST", "/plotter/v1/session", secure=secure, Authorization=self.key, Content_Length="0"
        )
        self.assertEqual(status, 204)
        return headers["Set-Cookie"]

    def test_the_cookie_fits_the_site(self):
        plain, secure = self.cookie(False), self.cookie(True)
        for cookie in [plain, secure]:
            self.assertIn("; Path=/plotter/; HttpOnly; SameSite=Strict", cookie)
        self.assertNotIn("Secure", plain)
        self.assertTrue(secure.endswith("; Secure"), secure)

    def test_only_the_site_itself_may_change_something(self):
        cookie = self.cookie(True).split(";")[0]
        path = "/plotter/v1/devices/plot1/pen?to=up"

        def ask(**fields):
            return self.nginx.ask("POST", path, secure=True, Cookie=cookie, Host="studio.example", **fields)[0]

        self.assertIn(ask(Origin="https://studio.example"), (200, 409))
        self.assertEqual(ask(Origin="http://studio.example"), 403)
        self.assertEqual(ask(Origin="https://evil.example"), 403)
        self.assertEqual(ask(Origin=f"http://127.0.0.1:{self.host.port}"), 403)
        self.assertEqual(ask(), 403)

    def test_a_large_drawing_passes(self):
        filler = "<!--" + "x" * (4 << 20) + "-->"
        drawing = SQUARE.replace("<path", filler + "<path")
        status, _, text = self.nginx.ask(
            "POST", "/plotter/v1/devices/plot1/jobs?hold=true", drawing, Authorization=self.key,
            Content_Type="image/svg+xml",
        )
        self.assertEqual(status, 201, text)
