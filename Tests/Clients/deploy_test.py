"""Files of deploy/ for a fleet, each by its own tool; what is not there is named in the output."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import nomad_jobs
from host import Host

AXIDRAWD = os.environ["AXIDRAWD"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
QUIET = {"CHECKPOINT_DISABLE": "1", "NO_COLOR": "1", "PACKER_NO_COLOR": "1"}


def run(*words, environment=None, **options):
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, timeout=300,
        env={**os.environ, **QUIET, **(environment or {})}, **options)


class JobsOfNomad(unittest.TestCase):
    def test_each_file_is_a_job(self):
        files = sorted(nomad_jobs.FOLDER.glob("*.nomad"))
        self.assertGreater(len(files), 0)
        for file in files:
            with self.subTest(file.name):
                job = nomad_jobs.read(file.read_text())
                self.assertEqual(job["ID"], file.stem)
                for group in job["TaskGroups"]:
                    self.assertIn("RestartPolicy", group)
                    for task in group["Tasks"]:
                        self.assertIn(task["Driver"], ["exec", "raw_exec"])
                        self.assertLessEqual(task["Resources"]["MemoryMB"], 512)
                        # The flags are flags of the program.
                        verb, *flags = task["Config"]["args"]
                        known = run(AXIDRAWD, "help", verb).stdout
                        for flag in flags:
                            if flag.startswith("--"):
                                self.assertIn(flag.split("=")[0] + " ", known)


class ServicesOfConsul(unittest.TestCase):
    def test_each_file_is_a_service_with_honest_checks(self):
        for file in sorted((DEPLOY / "consul").glob("*.json")):
            with self.subTest(file.name):
                service = json.loads(file.read_text())["service"]
                self.assertEqual(set(service) - {"name", "id", "address", "port", "tags", "meta", "checks"}, set())
                for check in service["checks"]:
                    self.assertTrue({"http", "interval", "timeout"} <= set(check) or "ttl" in check)
                for tag in service["tags"]:
                    # A prefix ends with its slash: /webhooksX would be one of /webhooks.
                    self.assertRegex(tag, r"^urlprefix-/([a-z0-9]+/)*$")


class ImageByPacker(unittest.TestCase):
    def test_it_is_valid_and_its_file_is_built(self):
        if shutil.which("packer") is None:
            self.fail("packer is not installed; on Debian: apt-get install packer")
        with tempfile.TemporaryDirectory() as folder:
            package = pathlib.Path(folder) / "axidrawd.deb"
            package.touch()
            words = ["-var", f"package={package}", "-var", f"facts={folder}/facts.json", DEPLOY / "packer"]
            valid = run("packer", "validate", *words)
            self.assertEqual(valid.returncode, 0, valid.stdout + valid.stderr)
            built = run("packer", "build", "-only=file.facts", *words)
            self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
            facts = json.loads((pathlib.Path(folder) / "facts.json").read_text())
            self.assertRegex(facts["name"], r"^axidrawd-\d{8}-\d{6}$")
            self.assertNotEqual(run("packer", "validate", DEPLOY / "packer").returncode, 0, "no package, no image")


class StartScript(unittest.TestCase):
    SCRIPT = DEPLOY / "fleet/start.sh"

    def start(self, folder, **environment):
        return run(
            "sh", self.SCRIPT, "--simulate", "--listen", "nonsense", "--state", f"{folder}/state",
            environment={"AXIDRAWD": AXIDRAWD, "RUNTIME_DIRECTORY": folder, **environment})

    def test_it_is_clean(self):
        if shutil.which("shellcheck") is None:
            self.fail("shellcheck is not installed; on Debian: apt-get install shellcheck")
        done = run("shellcheck", self.SCRIPT)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_it_writes_what_the_daemon_reads(self):
        for environment, proxies, consul, nomad in [
            ({}, ["127.0.0.1"], None, None),
            ({"CONSUL_HTTP_ADDR": "127.0.0.1:1", "PUBLIC_URL": "https://a.tunnel.example", "PROXIES": "10.0.0.1,10.0.0.2"},
             ["10.0.0.1", "10.0.0.2"], {"url": "http://127.0.0.1:1", "address": "https://a.tunnel.example"}, None),
            ({"NOMAD_ADDR": "http://127.0.0.1:2", "PROXIES": ""}, [], None, {"url": "http://127.0.0.1:2", "job": "plot"}),
        ]:
            with self.subTest(environment), tempfile.TemporaryDirectory() as folder:
                done = self.start(folder, **environment)
                # It has come as far as serving, where an address that is none stops it.
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn("nonsense", done.stderr)
                (file,) = pathlib.Path(folder).glob("axidrawd-fleet.*")
                self.assertEqual(file.stat().st_mode & 0o777, 0o600)
                written = json.loads(file.read_text())
                self.assertEqual(written["proxies"], proxies)
                self.assertEqual(written["cluster"], {"consul": consul, "nomad": nomad})

    def test_it_refuses_what_is_no_address(self):
        for value in ['http://a"b', "http://a b", "http://a\nb"]:
            with tempfile.TemporaryDirectory() as folder:
                done = self.start(folder, NOMAD_ADDR=value)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("no address has", done.stderr)


class Containers(unittest.TestCase):
    def test_the_file_says_that_it_was_not_built(self):
        text = (DEPLOY / "Containerfile").read_text()
        self.assertIn("has not been built", text)
        words = [line.split()[0] for line in re.sub(r"\\\n", " ", text).splitlines() if line and line[0] not in "# \t"]
        self.assertEqual(set(words) - {"FROM", "ARG", "RUN", "COPY", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD", "ENV"}, set())
