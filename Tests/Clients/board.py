"""Starts `axidrawd board` for a test and reads what it leaves behind."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

AXIDRAWD = os.environ.get(
    "AXIDRAWD", str(pathlib.Path(__file__).resolve().parents[2] / ".build/debug/axidrawd")
)


class Board:
    """A served board. Use as a context manager: it has ended after the block, and its files are read."""

    def __init__(self, *flags, faults=None, control=False):
        self.folder = tempfile.TemporaryDirectory()
        self.folder_path = pathlib.Path(self.folder.name)
        self.picture = self.folder_path / "drawn.png"
        self.trace_path = self.folder_path / "trace.jsonl"
        self.link = self.folder_path / "ebb"
        arguments = ["-o", self.picture, "--scale", "2", "--trace", self.trace_path, "--link", self.link, *flags]
        if faults is not None:
            script = self.folder_path / "faults.txt"
            script.write_text(faults)
            arguments += ["--faults", script]
        self.control = self.folder_path / "control"
        if control:
            arguments += ["--control", self.control]
        self.process = subprocess.Popen(
            [AXIDRAWD, "board", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.path = self.process.stdout.readline().strip()
        if not self.path.startswith("/dev/"):
            self.process.kill()
            raise RuntimeError(f"no path but {self.path!r}: {self.process.communicate()[1]}")
        self.records = self.incidents = self.summary = self.code = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.folder.cleanup()

    def end(self, number=signal.SIGINT):
        """Interrupts the board and reads its trace; once."""
        if self.code is not None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.output, self.errors = self.process.communicate(timeout=60)
        self.code = self.process.returncode
        lines = [json.loads(line) for line in self.trace_path.read_text().splitlines()]
        self.records = [line for line in lines if "reply" in line]
        self.incidents = [line for line in lines if "kind" in line]
        self.summary = lines[-1]


class BoardTest(unittest.TestCase):
    """Base of the tests: a longer difference, and a board that ends well."""

    maxDiff = None

    def finish(self, board):
        board.end()
        self.assertEqual(board.code, 0, board.errors)
        self.assertTrue(board.picture.read_bytes().startswith(b"\x89PNG"))
        return board.summary
