"""The daemon as a service: what it tells systemd, sockets it is handed, signals, the units that ship with it."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from board import AXIDRAWD
from host import SQUARE, Host, NotifySocket, UnixConnection

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"


class Telling(unittest.TestCase):
    def check(self, address, name):
        notify = NotifySocket(address)
        environment = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"}
        with Host(environment=environment, shell="export WATCHDOG_PID=$$;") as host:
            self.assertIn("STATUS=serving 1 plotters", notify.next("READY=1"))
            for _ in range(3):
                notify.next("WATCHDOG=1")
            host.write({"hosts": ["studio.example"], "profile": "axidraw-se-a3"})
            host.process.send_signal(signal.SIGHUP)
            self.assertRegex(notify.next("RELOADING=1"), r"\nMONOTONIC_USEC=\d+$")
            notify.next("READY=1")
            host.wait_for(lambda: host.find('configuration read again.*changed="?hosts'), "nothing said of hosts")
            host.wait_for(lambda: host.find("next start.*members=profile"), "nothing said of profile")
            self.assertEqual(host.ask("GET", "/healthz", headers={"Host": "studio.example"})[0], 200)
            host.config.write_text('{"hosts": 1}')
            host.process.send_signal(signal.SIGHUP)
            notify.next("RELOADING=1")
            notify.next("READY=1")
            host.wait_for(lambda: host.find("cannot be used; the one in force stays"), "no complaint")
            self.assertEqual(host.ask("GET", "/healthz", headers={"Host": "studio.example"})[0], 200)
            host.process.send_signal(signal.SIGTERM)
            notify.next("STOPPING=1")
            self.assertEqual(host.end(None), 0)
        notify.socket.close()

    def test_tells_a_socket_with_a_path(self):
        with tempfile.TemporaryDirectory() as folder:
            self.check(f"{folder}/notify", f"{folder}/notify")

    def test_tells_an_abstract_socket(self):
        name = f"axidrawd-test-{os.getpid()}"
        self.check("\0" + name, "@" + name)

    def test_sends_no_sign_of_life_for_another_process(self):
        with tempfile.TemporaryDirectory() as folder:
            notify = NotifySocket(f"{folder}/notify")
            environment = {
                "NOTIFY_SOCKET": f"{folder}/notify", "WATCHDOG_USEC": "20000", "WATCHDOG_PID": str(os.getpid()),
            }
            with Host(environment=environment) as host:
                notify.next("READY=1")
                for _ in range(20):
                    host.ask("GET", "/healthz")
                self.assertEqual(host.end(), 0)
            notify.next("STOPPING=1")
            self.assertNotIn("WATCHDOG=1", notify.texts)
            notify.socket.close()


class Activation(unittest.TestCase):
    OURS = "export LISTEN_PID=$$;"

    def listening(self, address="127.0.0.1"):
        link = socket.socket()
        self.addCleanup(link.close)
        link.bind((address, 0))
        link.listen()
        return link

    def test_serves_on_the_sockets_it_is_handed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/socket"
            local = socket.socket(socket.AF_UNIX)
            self.addCleanup(local.close)
            local.bind(path)
            local.listen()
            internet = self.listening()
            handed = [internet.fileno(), local.fileno()]
            with Host(listen=(), environment={"LISTEN_FDS": "2"}, shell=self.OURS, inherited=handed) as host:
                self.assertEqual(host.port, internet.getsockname()[1])
                self.assertEqual(host.ask("GET", "/healthz")[0], 200)
                self.assertEqual(host.ask("GET", "/v1/devices", connection=UnixConnection(path))[0], 200)
                settings = json.loads(host.ask("GET", "/v1/settings")[2])
                self.assertEqual(settings["listen"], [f"127.0.0.1:{host.port}", f"unix:{path}"])
                self.assertEqual(host.end(), 0)
                self.assertTrue(os.path.exists(path), "the file is systemd's")

    def test_leaves_sockets_of_another_process_alone(self):
        link = self.listening()
        environment = {"LISTEN_FDS": "1", "LISTEN_PID": "1"}
        with Host(environment=environment, inherited=[link.fileno()]) as host:
            self.assertNotEqual(host.port, link.getsockname()[1])

    def refuses(self, raw, code, pattern):
        host = Host(listen=(), environment={"LISTEN_FDS": "1"}, shell=self.OURS, inherited=[raw]).launch()
        self.assertEqual(host.process.wait(timeout=60), code)
        host.reader.join(timeout=60)
        host.process.stderr.close()
        self.assertRegex("".join(host.lines), pattern)
        host.folder.cleanup()

    def test_refuses_what_does_not_listen(self):
        with open(os.devnull) as file:
            self.refuses(file.fileno(), 78, "descriptor 3, which is no listening socket")

    def test_asks_for_a_key_where_others_can_reach_a_handed_socket(self):
        self.refuses(self.listening("0.0.0.0").fileno(), 78, "can be reached from other machines")


class RuntimeSocket(unittest.TestCase):
    def test_listens_in_the_runtime_folder_and_tidies_up(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/axidrawd/simulated.socket"
            # As by default, but without its port, which may be taken where this runs.
            flags = ["--listen", f"unix:{path}"]
            os.mkdir(f"{folder}/axidrawd")
            with Host(*flags, listen=(), environment={"XDG_RUNTIME_DIR": folder}) as host:
                self.assertEqual(host.ask("GET", "/v1/devices", connection=UnixConnection(path))[0], 200)
                forwarded = {"X-Forwarded-For": "192.0.2.1"}
                answer = host.ask("GET", "/v1/devices", headers=forwarded, connection=UnixConnection(path))
                self.assertEqual(answer[0], 401)
                self.assertEqual(host.end(), 0)
                self.assertFalse(os.path.exists(path))


class Revoked(unittest.TestCase):
    def test_a_stream_ends_with_its_key(self):
        host = Host(configuration={"access": "keys"})
        key = host.run("keys", "add", "screen", "--role", "viewer", "--simulated")
        host.run("keys", "add", "other", "--role", "viewer", "--simulated")
        with host:
            link = http.client.HTTPConnection("127.0.0.1", host.port, timeout=60)
            link.request("GET", "/v1/events", headers={"Authorization": "Bearer " + key})
            answer = link.getresponse()
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.readline(), b"retry: 2000\n")
            host.run("keys", "revoke", "screen", "--simulated")
            # It says what happens, and a sign of life every 15 s, until it is cut.
            try:
                while answer.readline():
                    pass
            except http.client.IncompleteRead:
                pass
            link.close()


class Hostile(unittest.TestCase):
    def test_a_huge_file_of_keys_is_told_and_read_by_nobody(self):
        host = Host()
        folder = pathlib.Path(host.folder.name) / "state/axidrawd/simulated"
        folder.mkdir(parents=True)
        with open(folder / "keys.json", "wb") as file:
            file.truncate(3 << 30)
        os.chmod(folder / "keys.json", 0o600)
        with host:
            host.wait_for(lambda: host.find("larger than 16 MiB"), "not told")
            self.assertEqual(host.ask("GET", "/healthz")[0], 200)

    def test_both_versions_of_a_spool_are_named(self):
        host = Host()
        folder = pathlib.Path(host.folder.name) / "state/axidrawd/simulated"
        folder.mkdir(parents=True)
        (folder / "VERSION").write_text("9\n")
        host.launch()
        self.assertEqual(host.process.wait(timeout=60), 78)
        host.reader.join(timeout=60)
        host.process.stderr.close()
        self.assertRegex("".join(host.lines), 'version "9".*up to version "[0-9]"')
        host.folder.cleanup()


class ByHand(unittest.TestCase):
    def test_the_state_says_what_a_raw_command_did(self):
        for text, state in [("EM,0,0", "free"), ("em,0,0", "free"), ("SP,0,100", "lowered"), ("QP", "raised"), ("EM,1,1", "raised")]:
            with self.subTest(text=text), Host() as host:
                status, _, answer = host.ask("POST", f"/v1/devices/plot1/command?text={text}")
                self.assertEqual(status, 200, answer)
                self.assertEqual(json.loads(host.ask("GET", "/v1/devices/plot1")[2])["state"], state)


class CutOff(unittest.TestCase):
    def test_an_installation_says_that_a_drawing_was_cut_off(self):
        with Host("--installation") as host:
            host.flags[host.flags.index("max")] = "realtime"
            host.end()
            host.lines.clear()
            host.__enter__()
            job = json.loads(host.ask("POST", "/v1/devices/plot1/jobs", SQUARE, {"Content-Type": "image/svg+xml"})[2])["id"]
            seen = lambda: json.loads(host.ask("GET", f"/v1/jobs/{job}")[2])
            host.wait_for(lambda: seen()["progress"]["fraction"] > 0.05, "it does not begin")
            host.end(signal.SIGKILL)
            host.lines.clear()
            host.__enter__()
            self.assertEqual(seen()["state"], "interrupted")
            said = json.loads(host.ask("GET", "/v1/devices/plot1")[2])["sentence"]
            self.assertRegex(said, "was cut off")


class Told(unittest.TestCase):
    def test_who_changed_what_is_traced_by_the_id_of_the_request(self):
        with Host() as host:
            _, headers, text = host.ask("POST", "/v1/devices/plot1/jobs?hold=true", SQUARE, {"Content-Type": "image/svg+xml"})
            job = json.loads(text)["id"]
            host.wait_for(lambda: host.find(f'"job accepted".*job={job}.*request={headers["X-Request-Id"]}'), "not tied")
            status, headers, text = host.ask("POST", f"/v1/jobs/{job}/cancel")
            self.assertEqual(status, 200, text)
            line = f'request={headers["X-Request-Id"]} .*method=POST.*/cancel.* subject={job} '
            host.wait_for(lambda: host.find(line), "the cancel is not told")
            status, headers, text = host.ask("POST", "/v1/devices/plot1/stop")
            self.assertEqual(status, 200, text)
            host.wait_for(lambda: host.find(f'request={headers["X-Request-Id"]} .*subject=plot1'), "stop is not told")
            host.ask("GET", "/v1/devices")
            self.assertFalse(host.find("method=GET"), "those who look are not told")


class Settings(unittest.TestCase):
    def test_what_is_chosen_survives_a_new_start(self):
        with Host() as host:
            etag = host.ask("GET", "/v1/settings")[1]["ETag"]
            headers = {"If-Match": etag, "Content-Type": "application/json"}
            status, _, text = host.ask("PATCH", "/v1/settings", '{"hosts":["kept.example"],"access":"local"}', headers)
            self.assertEqual(status, 200, text)
            self.assertEqual(host.end(), 0)
            host.lines.clear()
            host.__enter__()
            self.assertEqual(json.loads(host.ask("GET", "/v1/settings")[2])["hosts"], ["kept.example"])
            self.assertEqual(host.ask("GET", "/healthz", headers={"Host": "kept.example"})[0], 200)


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
class Units(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # The unit names the installed program; here the built one stands for it.
        text = (DEPLOY / "axidrawd.service").read_text()
        built = str(pathlib.Path(AXIDRAWD).resolve())
        self.assertIn("ExecStart=/usr/bin/axidrawd serve\n", text)
        text = text.replace("/usr/bin/axidrawd", built).replace("Documentation=man:axidrawd(1)\n", "")
        (self.folder / "axidrawd.service").write_text(text)
        shutil.copy(DEPLOY / "axidrawd.socket", self.folder)

    def test_the_units_verify(self):
        for unit in ["axidrawd.service", "axidrawd.socket"]:
            done = subprocess.run(
                ["systemd-analyze", "verify", str(self.folder / unit)], capture_output=True, text=True, timeout=120
            )
            said = [line for line in done.stderr.splitlines() if "axidrawd" in line]
            self.assertEqual((done.returncode, said), (0, []), done.stderr)

    def test_the_service_is_confined(self):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", str(self.folder / "axidrawd.service")],
            capture_output=True, text=True, timeout=120,
        )
        score = re.search(r"Overall exposure level for axidrawd.service: ([0-9.]+)", done.stdout)
        self.assertIsNotNone(score, done.stdout + done.stderr)
        self.assertLessEqual(float(score[1]), 1.5)
