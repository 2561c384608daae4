"""HAProxy and nginx in place of Fabio, with the files that ship: two daemons that take presses, one with the plotter."""

import http.client
import pathlib
import signal
import subprocess
import time
import unittest

from host import SQUARE, Host
from proxy import Proxy, program, replaced

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy/fleet"

class Front(Proxy):
    """One of the examples in front of daemons."""

    def __init__(self, kind, plotter, first, second):
        self.kind = kind
        self.ports = {"8080": plotter, "8081": first, "8082": second}
        super().__init__()

    def command(self):
        text = (FOLDER / {"nginx": "nginx.conf", "haproxy": "haproxy.cfg"}[self.kind]).read_text()
        ports = dict(self.ports, **{"9999": self.port})
        changes = {f"127.0.0.1:{shipped}": (1, f"127.0.0.1:{port}") for shipped, port in ports.items()}
        (self.folder / "example.conf").write_text(replaced(text, changes))
        if self.kind == "nginx":
            return self.nginx(f"include {self.folder}/example.conf;")
        command = [program(self.kind), "-f", self.folder / "example.conf"]
        checked = subprocess.run([*command, "-c"], capture_output=True, text=True)
        assert checked.returncode == 0 and "WARNING" not in checked.stderr, checked.stderr
        return [*command, "-db"]


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
        return Front(kind, plotter.port, first.port, second.port)

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
                with Front(kind, plotter.port, first.port, other.port) as proxy:
                    other.end(signal.SIGKILL)
                    end = time.monotonic() + 60
                    while {proxy.ask("GET", "/webhooks/", Authorization=self.keys[1])[0] for _ in range(6)} != {200}:
                        self.assertLess(time.monotonic(), end)
