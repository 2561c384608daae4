"""Caddy in front of the daemon, with the example that ships: it is valid, the prefix goes, streams pass, nobody is local."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from host import SQUARE, Host

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "deploy/Caddyfile"


def program():
    found = shutil.which("caddy")
    if found is None:
        raise AssertionError("caddy is not installed; on Debian: apt-get install caddy")
    return found


class Caddy:
    """Caddy with the example of deploy/ in front of a daemon, without TLS. Use as a context manager."""

    def __init__(self, host):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as link:
            link.bind(("127.0.0.1", 0))
            self.port = link.getsockname()[1]
        example = EXAMPLE.read_text()
        assert example.count("127.0.0.1:8080") == 1 and example.count("studio.example {") == 1, "the example has changed"
        example = example.replace("127.0.0.1:8080", f"127.0.0.1:{host.port}")
        example = example.replace("studio.example {", f"http://:{self.port} {{\n\tbind 127.0.0.1")
        path = pathlib.Path(self.folder.name, "Caddyfile")
        path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + example)
        self.log = open(f"{self.folder.name}/log", "w+")
        self.process = subprocess.Popen(
            [program(), "run", "--config", path, "--adapter", "caddyfile"], stdout=self.log, stderr=self.log,
            env=dict(os.environ, HOME=self.folder.name, XDG_DATA_HOME=self.folder.name, XDG_CONFIG_HOME=self.folder.name),
        )

    def __enter__(self):
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    self.log.seek(0)
                    raise AssertionError(f"caddy does not start: {self.log.read()}")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.log.close()
        self.folder.cleanup()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, **headers):
        """One request; an underscore in the name of a field stands for a hyphen."""
        link = self.connection()
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body=body, headers=fields)
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text


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
            [program(), "validate", "--config", EXAMPLE, "--adapter", "caddyfile"], capture_output=True, text=True,
            timeout=60, env=dict(os.environ, HOME=self.caddy.folder.name),
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
