"""Every example of docs/api.md and docs/cookbook.md, in order, against a daemon with a virtual plotter."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from board import AXIDRAWD
from host import Host

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "api.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def pattern(text):
    """An expected output: `…` stands for anything, alone on its last line for any further lines."""
    pieces = [re.escape(piece) for piece in text.rstrip("\n").split("…")]
    return re.compile("(.|\n)*?".join(pieces) if text.rstrip().endswith("\n…") else "[^\n]*".join(pieces))


class Examples(unittest.TestCase):
    def test_every_example_does_as_the_page_says(self):
        self.run_page(PAGE, 15)

    def test_every_recipe_does_as_the_cookbook_says(self):
        self.run_page(DOCS / "cookbook.md", 8)

    def test_the_requests_name_what_there_is(self):
        """Every option of docs/requests.md plans a drawing, and every verb is known."""
        spans = re.findall(r"`((?:--|axidrawd )[^`]*)`", (DOCS / "requests.md").read_text())
        options = [span for span in spans if span.startswith("--") and span != "--simulate"]
        verbs = {match[1] for span in spans for match in re.finditer(r"axidrawd ([a-z]+)", span)}
        self.assertGreater(len(options), 15)
        self.assertGreater(len(verbs), 7)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "mine.json").write_text('{"base": "axidraw-v3", "backlashXMillimetres": 0.2}')
            pathlib.Path(folder, "d.svg").write_text(
                '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">'
                '<g data-name="1 black"><path d="M5 5H55V35H5Z" fill="none" stroke="black"/></g>'
                '<g data-name="2 red"><path d="M9 9H30V30H9Z" fill="red"/></g></svg>')
            commands = [["plan", "d.svg", *option.split()] for option in options] + [["help", verb] for verb in verbs]
            for command in commands:
                with self.subTest(command=command):
                    done = subprocess.run([AXIDRAWD, *command], cwd=folder, capture_output=True, text=True, timeout=120)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def run_page(self, page, least):
        text = page.read_text()
        blocks = [(match[1], match[2], text.count("\n", 0, match.start()) + 1) for match in FENCE.finditer(text)]
        self.assertEqual(text.count("```"), 2 * len(blocks))
        commands = {"sh": ["/bin/sh", "-eu", "-c"], "python": [sys.executable, "-c"]}
        count = 0
        with Host() as host, Host("--installation") as show, tempfile.TemporaryDirectory() as folder:
            places = {
                "URL": f"http://127.0.0.1:{host.port}", "SHOW": f"http://127.0.0.1:{show.port}",
                "PATH": f"{pathlib.Path(AXIDRAWD).parent}:{os.environ['PATH']}",
            }
            for k, (kind, code, line) in enumerate(blocks):
                if kind not in commands:
                    continue
                count += 1
                # Each daemon has keys of its own.
                environment = (show if "$SHOW" in code else host).environment | places
                with self.subTest(line=line):
                    done = subprocess.run(
                        [*commands[kind], code], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                        capture_output=True, text=True, timeout=120,
                    )
                    said = f"{page.name}:{line}\n{done.stdout}{done.stderr}"
                    self.assertEqual(done.returncode, 0, said)
                    following, expected, _ = blocks[k + 1]
                    self.assertEqual(following, "text", f"{page.name}:{line} shows no output")
                    output = done.stdout.replace("\r", "").rstrip("\n")
                    self.assertIsNotNone(pattern(expected).fullmatch(output), said)
        self.assertGreaterEqual(count, least)

    def test_every_path_exists(self):
        """What the page names is in the daemon's own description."""
        with Host() as host:
            described = host.ask("GET", "/v1/openapi.json")[2]
        paths = set(json.loads(described)["paths"])
        named = set(re.findall(r"`(?:[A-Z]+ )?(/v1/[^`? ]+)", PAGE.read_text()))
        self.assertGreater(len(named), 12)
        self.assertEqual(named - paths, set())
