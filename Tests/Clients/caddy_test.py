"""Caddy in front of the daemon, with the example that ships: it is valid, the prefix goes, streams pass, nobody is local."""

import json
import os
import pathlib
import subprocess
import unittest

from host import SQUARE, Host
from proxy import Proxy, program, replaced

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "deploy/Caddyfile"


class Caddy(Proxy):
    """Caddy with the example of deploy/ in front of a daemon, without TLS."""

    def __init__(self, host):
        self.host = host
        super().__init__()

    def command(self):
        example = replaced(EXAMPLE.read_text(), {
            "127.0.0.1:8080": (1, f"127.0.0.1:{self.host.port}"),
            "studio.example {": (1, f"http://:{self.port} {{\n\tbind 127.0.0.1"),
        })
        path = self.folder / "Caddyfile"
        path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + example)
        return [program("caddy"), "run", "--config", path, "--adapter", "caddyfile"]


class BehindCaddy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(configuration={"proxies": ["127.0.0.1"]})
        cls.addClassCleanup(cls.host.__exit__)
        cls.key = "Bearer " + cls.host.run("keys", "add", "web", "--role", "operator", "--simulated")
        cls.host.__enter__()
        cls.caddy = Caddy(cls.host)
        cls.caddy.__enter__()
        cls.addClassCleanup(cls.caddy.__exit__)

    def test_the_example_is_valid(self):
        done = subprocess.run(
            [program("caddy"), "validate", "--config", EXAMPLE, "--adapter", "caddyfile"], capture_output=True, text=True,
            timeout=60, env=dict(os.environ, HOME=self.caddy.held.name),
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_prefix_goes(self):
        self.assertEqual(self.caddy.ask("GET", "/plotter/healthz")[0], 200)
        status, headers, text = self.caddy.ask(
            "POST", "/plotter/v1/devices/plot1/jobs?hold=true", SQUARE, Authorization=self.key,
            Content_Type="image/svg+xml",
        )
        self.assertEqual(status, 201, text)
        self.assertRegex(headers["Location"], "^/plotter/v1/jobs/[0-9A-Za-z]{26}$")
        status, _, text = self.caddy.ask("GET", headers["Location"], Authorization=self.key)
        self.assertEqual((status, json.loads(text)["device"]), (200, "plot1"))

    def test_forwarded_requests_need_a_key(self):
        for fields in [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"X-Real-Ip": "127.0.0.1"}]:
            status, headers, _ = self.caddy.ask("GET", "/plotter/v1/devices", **fields)
            self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"), fields)
        self.assertEqual(self.caddy.ask("GET", "/plotter/v1/devices", Authorization=self.key)[0], 200)

    def test_streams_pass_at_once(self):
        link = self.caddy.connection()
        link.request("GET", "/plotter/v1/events", headers={"Authorization": self.key})
        answer = link.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        lines = iter(answer.readline, b"")
        self.assertEqual(next(lines), b"retry: 2000\n")
        self.caddy.ask("POST", "/plotter/v1/devices/plot1/pen?to=down", Authorization=self.key)
        self.caddy.ask("POST", "/plotter/v1/devices/plot1/reset", Authorization=self.key)
        self.assertTrue(any(line == b"event: state\n" for line in lines))
        answer.close()
        link.close()

    def test_the_cookie_fits_the_site(self):
        status, headers, _ = self.caddy.ask("POST", "/plotter/v1/session", Authorization=self.key, Content_Length="0")
        self.assertEqual(status, 204)
        self.assertIn("; Path=/plotter/; HttpOnly; SameSite=Strict", headers["Set-Cookie"])


if __name__ == "__main__":
    unittest.main()
