"""Terraform of deploy/: its form, its validity, its own tests without a cloud; with AXIDRAWD_LONG also a cloud that is only played."""

import glob
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from proxy import free_ports

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "deploy/terraform"


def mirror():
    """A folder with the provider, for machines without a way to its registry; None where there is none."""
    named = os.environ.get("AXIDRAWD_TERRAFORM_PLUGINS")
    if named:
        return named
    found = [*glob.glob("/usr/share/terraform/plugins/*/hashicorp/aws"), *glob.glob("/opt/*/*/hashicorp/aws")]
    return str(pathlib.Path(found[0]).parents[2]) if found else None


class Cluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("terraform") is None:
            raise unittest.SkipTest("terraform is not installed: deploy/terraform is not checked")
        plugins = mirror()
        if plugins is None:
            raise unittest.SkipTest("no provider aws is here (AXIDRAWD_TERRAFORM_PLUGINS): deploy/terraform is not checked")
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.work = pathlib.Path(cls.folder.name) / "terraform"
        shutil.copytree(SHIPPED, cls.work)
        settings = pathlib.Path(cls.folder.name) / "settings"
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{plugins}"\n  }}\n}}\n')
        cls.environment = {
            **os.environ, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        made = cls.run_it("init", "-input=false")
        if made.returncode != 0:
            raise unittest.SkipTest(f"terraform finds no provider aws: deploy/terraform is not checked: {made.stderr[-300:]}")

    @classmethod
    def run_it(cls, *words):
        return subprocess.run(
            ["terraform", words[0], "-no-color", *words[1:]], cwd=cls.work, env=cls.environment, capture_output=True,
            text=True, timeout=900)

    def must(self, *words):
        done = self.run_it(*words)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        return done.stdout

    def test_it_has_the_shape_that_the_pages_promise(self):
        self.must("fmt", "-check", "-recursive", "-diff")
        self.must("validate")
        self.assertIn("4 passed, 0 failed", self.must("test"))

    @unittest.skipUnless(os.environ.get("AXIDRAWD_LONG"), "only in ./test --long: a cloud that is played takes minutes")
    def test_it_grows_and_goes_in_a_cloud_that_is_played(self):
        (port,) = free_ports(1)
        cloud = subprocess.Popen(
            [pathlib.Path(sys.executable).parent / "moto_server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(cloud.wait, 60)
        self.addCleanup(cloud.send_signal, signal.SIGTERM)
        end = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                self.assertTrue(time.monotonic() < end and cloud.poll() is None, "moto does not start")
                time.sleep(0.1)
        words = ["-input=false", "-var", "image=ami-12c6146b", "-var", f"endpoint=http://127.0.0.1:{port}", "-var"]
        self.assertIn("15 added, 0 changed, 0 destroyed", self.must("apply", "-auto-approve", *words, "clients=2"))
        self.assertIn("2 added, 0 changed, 0 destroyed", self.must("apply", "-auto-approve", *words, "clients=4"))
        self.assertIn("No changes", self.must("plan", "-detailed-exitcode", *words, "clients=4"))
        self.assertIn("17 destroyed", self.must("destroy", "-auto-approve", *words, "clients=4"))
