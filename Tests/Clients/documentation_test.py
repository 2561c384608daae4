"""The Python example of docs/virtual-board.md, as it stands there."""

import os
import pathlib
import re
import subprocess
import sys

from board import AXIDRAWD, BoardTest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/virtual-board.md"


class Documentation(BoardTest):
    def test_the_example_runs(self):
        (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
        environment = dict(os.environ, PATH=str(pathlib.Path(AXIDRAWD).resolve().parent) + ":" + os.environ["PATH"])
        done = subprocess.run(
            [sys.executable, "-c", example], capture_output=True, text=True, env=environment, timeout=60
        )
        self.assertEqual(done.returncode, 0, done.stderr)
