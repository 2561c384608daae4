"""Prometheus' own promtool over the figures and the alerts that ship; every figure that they name is there."""

import json
import pathlib
import re
import shutil
import subprocess
import unittest
import urllib.request

from host import Host

GRAFANA = pathlib.Path(__file__).resolve().parents[2] / "deploy/grafana"
NAME = re.compile(r"\b(?:axidrawd|process)_[a-z_]+\b")


def promtool(*words, text=None):
    program = shutil.which("promtool")
    if program is None:
        raise AssertionError("promtool is not installed; on Debian: apt-get install prometheus")
    return subprocess.run([program, *words], input=text, capture_output=True, text=True, timeout=60)


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Host() as host:
            # The first request is counted once it has been answered.
            host.ask("GET", "/healthz")
            with urllib.request.urlopen(f"http://127.0.0.1:{host.port}/metrics", timeout=60) as answer:
                cls.text = answer.read().decode()
        cls.names = set(NAME.findall("\n".join(l for l in cls.text.splitlines() if not l.startswith("#"))))

    def test_promtool_finds_nothing_in_the_figures(self):
        done = promtool("check", "metrics", text=self.text)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_promtool_takes_the_alerts(self):
        done = promtool("check", "rules", str(GRAFANA / "alerts.yml"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_alerts_and_dashboard_name_figures_that_there_are(self):
        dashboard = json.loads((GRAFANA / "dashboard.json").read_text())
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        expressions += re.findall(r"expr: (.*)", (GRAFANA / "alerts.yml").read_text())
        self.assertGreater(len(expressions), 15)
        for expression in expressions:
            named = set(NAME.findall(expression))
            self.assertTrue(named and named <= self.names, f"{expression}: {named - self.names}")


if __name__ == "__main__":
    unittest.main()
