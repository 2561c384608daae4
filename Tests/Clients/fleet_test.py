"""HAProxy and nginx in place of Fabio, with the files that ship: two daemons that take presses, one with the plotter."""

import http.client
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from host import SQUARE, Host
from nginx_test import free_ports

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy/fleet"

NGINX = """
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
    include {folder}/example.conf;
}}
"""


def program(name):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise AssertionError(f"{name} is not installed; ./test --ci installs it")
    return found


class Proxy:
    """One of the examples in front of daemons. Use as a context manager."""

    def __init__(self, kind, plotter, first, second):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        folder.chmod(0o755)
        (self.port,) = free_ports(1)
        text = (FOLDER / {"nginx": "nginx.conf", "haproxy": "haproxy.cfg"}[kind]).read_text()
        for shipped, port in [("9999", self.port), ("8080", plotter), ("8081", first), ("8082", second)]:
            place = f"127.0.0.1:{shipped}"
            assert text.count(place) == 1, f"the example has changed: {place}"
            text = text.replace(place, f"127.0.0.1:{port}")
        (folder / "example.conf").write_text(text)
        if kind == "nginx":
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
            command = ["-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-p", str(folder)]
        else:
            checked = subprocess.run([program(kind), "-c", "-f", folder / "example.conf"], capture_output=True, text=True)
            assert checked.returncode == 0 and "WARNING" not in checked.stderr, checked.stderr
            command = ["-db", "-f", f"{folder}/example.conf"]
        self.process = subprocess.Popen([program(kind), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def __enter__(self):
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"it does not start: {self.process.stderr.read().decode()}")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.process.stderr.close()
        self.folder.cleanup()

    def ask(self, method, path, body=None, **headers):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body=body, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text


class InPlaceOfFabio(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        trusting = {"proxies": ["127.0.0.1"]}
        cls.hosts = [Host("--installation", configuration=trusting) for _ in range(3)]
        cls.keys = []
        for host in cls.hosts:
            cls.addClassCleanup(host.__exit__)
            cls.keys.append("Bearer " + host.run("keys", "add", "all", "--role", "operator", "--simulated"))
            host.__enter__()

    def through(self, kind):
        plotter, first, second = self.hosts
        return Proxy(kind, plotter.port, first.port, second.port)

    def test_each_path_has_its_daemon(self):
        for kind in ["haproxy", "nginx"]:
            with self.subTest(kind), self.through(kind) as proxy:
                plotter, *pressed = self.keys
                # A key is one daemon's: who takes it tells who has answered.
                self.assertEqual(proxy.ask("GET", "/v1/devices", Authorization=plotter)[0], 200)
                for path in ["/webhooks", "/webhooks/"]:
                    found = {proxy.ask("GET", path, Authorization=key)[0] for key in pressed for _ in range(4)}
                    self.assertEqual(found, {200, 401}, path)
                    self.assertEqual(proxy.ask("GET", path, Authorization=plotter)[0], 401)
                # No part of a word is a prefix.
                self.assertEqual(proxy.ask("GET", "/webhooksX", Authorization=plotter)[0], 404)
                self.assertEqual(proxy.ask("POST", "/v1/webhooks/x", "{}", Authorization=plotter)[0], 401)

    def test_nobody_is_local_behind_it(self):
        for kind in ["haproxy", "nginx"]:
            with self.subTest(kind), self.through(kind) as proxy:
                for fields in [{}, {"X_Forwarded_For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}]:
                    self.assertEqual(proxy.ask("GET", "/v1/devices", **fields)[0], 401, fields)

    def test_streams_and_drawings_pass(self):
        for kind in ["haproxy", "nginx"]:
            with self.subTest(kind), self.through(kind) as proxy:
                key = self.keys[0]
                link = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=60)
                link.request("GET", "/queue/plot1?ts=1&ticket=t", headers={"Authorization": key})
                answer = link.getresponse()
                self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
                # Nothing else is said until the plotter waits: it has come through at once.
                self.assertEqual(answer.readline() + answer.readline(), b'id: t\ndata: {"connected":true}\n')
                link.close()
                filler = "<!--" + "x" * (2 << 20) + "-->"
                status, _, text = proxy.ask(
                    "POST", "/v1/devices/plot1/jobs?hold=true", SQUARE.replace("<path", filler + "<path"),
                    Authorization=key, Content_Type="image/svg+xml")
                self.assertEqual(status, 201, text)

    def test_a_daemon_that_dies_is_left_out(self):
        for kind in ["haproxy", "nginx"]:
            with self.subTest(kind), Host("--installation", configuration={"proxies": ["127.0.0.1"]}) as other:
                plotter, first, _ = self.hosts
                with Proxy(kind, plotter.port, first.port, other.port) as proxy:
                    other.end(signal.SIGKILL)
                    end = time.monotonic() + 60
                    while {proxy.ask("GET", "/webhooks/", Authorization=self.keys[1])[0] for _ in range(6)} != {200}:
                        self.assertLess(time.monotonic(), end)
