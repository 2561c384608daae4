"""nginx in front of the daemon, with the example that ships: the prefix goes, streams pass, nobody is local."""

import json
import pathlib
import subprocess
import unittest

from host import SQUARE, Host
from proxy import Proxy, free_ports, replaced

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "deploy/nginx.conf"

SITE = """server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{secure} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        include {folder}/example.conf;
    }}"""


class Nginx(Proxy):
    """nginx with the example of deploy/ in front of a daemon."""

    def __init__(self, host):
        self.host = host
        super().__init__()

    def command(self):
        (self.secure,) = free_ports(1)
        folder = self.folder
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
            check=True, capture_output=True, timeout=60,
        )
        example = replaced(EXAMPLE.read_text(), {"127.0.0.1:8080": (2, f"127.0.0.1:{self.host.port}")})
        (folder / "example.conf").write_text(example)
        return self.nginx(SITE.format(folder=folder, plain=self.port, secure=self.secure))


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
