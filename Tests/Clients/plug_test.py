"""Boards through libudev, in umockdev's test bed: see plug_bed.py."""

import pathlib
import subprocess
import unittest


class InTheBed(unittest.TestCase):
    def test_boards_are_plugged_and_pulled(self):
        # Debian's own Python has the bindings; ./test installs both.
        done = subprocess.run(
            ["umockdev-wrapper", "/usr/bin/python3", "-B", "-m", "unittest", "--verbose", "plug_bed"],
            cwd=pathlib.Path(__file__).parent, capture_output=True, text=True, timeout=600,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
