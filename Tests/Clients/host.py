"""Starts `axidrawd serve --simulate` for a test, with folders of its own, and speaks HTTP with it."""

import http.client
import json
import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

from board import AXIDRAWD

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">'
    '<path d="M5 5H35V25H5Z" fill="none" stroke="black"/></svg>'
)


class Host:
    """A daemon with virtual boards. Use as a context manager."""

    def __init__(self, *flags, configuration=None, environment=None, listen=("127.0.0.1:0",), shell="", inherited=()):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        self.config = folder / "config.json"
        self.write(configuration or {})
        self.environment = {
            "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder),
            "PATH": os.environ["PATH"], "SWIFT_BACKTRACE": "enable=no", **(environment or {}),
        }
        self.flags = ["serve", "--simulate", "--speed", "max", "--config", str(self.config)]
        self.flags += [word for place in listen for word in ("--listen", place)] + list(flags)
        self.shell, self.inherited = shell, list(inherited)
        self.process = None
        self.lines = []
        self.port = None

    def write(self, configuration):
        self.config.write_text(json.dumps(configuration))

    def run(self, *words):
        """Another call of the program with the same folders; its output."""
        done = subprocess.run(
            [AXIDRAWD, *words], env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.strip()

    def launch(self):
        """Starts without waiting: for daemons that are to refuse."""
        inherited = self.inherited

        def place():
            # Far above first, then down to 3, 4, …: none of them is overwritten on the way.
            for k, raw in enumerate(inherited):
                os.dup2(raw, 100 + k)
            for k in range(len(inherited)):
                os.dup2(100 + k, 3 + k)

        self.process = subprocess.Popen(
            ["/bin/sh", "-c", self.shell + ' exec "$0" "$@"', AXIDRAWD, *self.flags], env=self.environment, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=place,
            pass_fds=tuple(range(3, 3 + len(inherited))),
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def wait_for(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None and not self.reader.is_alive():
                raise AssertionError(f"{what}: {''.join(self.lines)} (code {self.process.poll()})")
            time.sleep(0.01)

    def find(self, pattern):
        return next((match for line in list(self.lines) if (match := re.search(pattern, line))), None)

    def __enter__(self):
        self.launch()
        self.wait_for(lambda: self.find(r"axidrawd serves "), "it does not start")
        if match := self.find(r"axidrawd serves http://[^ ]*:(\d+)/"):
            self.port = int(match[1])
        if "--simulate" in self.flags:
            # It listens before its board has answered; what needs the board is refused until then, and rightly.
            self.wait_for(lambda: self.find(r'"state" device='), "its virtual board does not answer")
        return self

    def __exit__(self, *_):
        self.end(signal.SIGKILL)
        self.folder.cleanup()

    def end(self, number=signal.SIGTERM, seconds=60):
        """Ends the daemon by a signal, or waits for its end if there is none; its exit code."""
        if number and self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=seconds)
        self.reader.join(timeout=seconds)
        self.process.stderr.close()
        return code

    def ask(self, method, path, body=None, headers=None, connection=None):
        """One request: status, headers, body as text."""
        link = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body=body, headers=headers or {})
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


class NotifySocket:
    """What systemd listens on: collects the datagrams of a service."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.seen = queue.Queue()
        self.texts = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                self.seen.put(self.socket.recv(4096).decode())
            except OSError:
                return

    def next(self, line, seconds=60):
        """The next datagram with this line; what comes before it is kept in `texts`."""
        end = time.monotonic() + seconds
        while True:
            text = self.seen.get(timeout=max(0.01, end - time.monotonic()))
            self.texts.append(text)
            if line in text.split("\n"):
                return text
