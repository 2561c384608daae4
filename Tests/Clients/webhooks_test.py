"""PyPI's standardwebhooks signs what the daemon must take, and verifies what it sends."""
import datetime
import http.client
import http.server
import json
import os
import queue
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from standardwebhooks.webhooks import Webhook

AXIDRAWD = os.environ["AXIDRAWD"]


class SignedByTheReferenceLibrary(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.state = self.folder.name + "/state"
        made = subprocess.run(
            [AXIDRAWD, "webhooks", "add", "hub", "--plotter", "plot1", "--simulated", "--state", self.state],
            capture_output=True, text=True, check=True)
        self.secret = made.stdout.strip()
        environment = dict(os.environ, HOME=self.folder.name, XDG_RUNTIME_DIR=self.folder.name)
        self.daemon = subprocess.Popen(
            [AXIDRAWD, "serve", "--simulate", "--installation", "--speed", "max", "--state", self.state,
             "--listen", "unix:" + self.folder.name + "/socket", "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(self.stop)
        self.port = None
        for line in self.daemon.stderr:
            if "127.0.0.1:" in line:
                self.port = int("".join(c for c in line.split("127.0.0.1:")[1].split()[0] if c.isdigit()))
                break
        self.assertIsNotNone(self.port, "the daemon says where it listens")
        # It listens before its board has answered; a press before that is refused, and rightly.
        end = time.monotonic() + 60
        while self.state_of_plotter() == "absent":
            self.assertLess(time.monotonic(), end, "the virtual board answers")
            time.sleep(0.02)

    def state_of_plotter(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/v1/devices/plot1")
        try:
            return json.loads(connection.getresponse().read()).get("state")
        finally:
            connection.close()

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(60)
        self.daemon.stderr.close()

    def send(self, identity, body, when=None, **changes):
        when = when or datetime.datetime.now(tz=datetime.timezone.utc)
        fields = {
            "webhook-id": identity,
            "webhook-timestamp": str(int(when.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(identity, when, body),
            "Content-Type": "application/json",
        }
        fields.update(changes)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/v1/webhooks/hub", body, fields)
        answer = connection.getresponse()
        try:
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def test_signs_and_is_taken_once(self):
        body = '{"type":"door.opened","press":"single"}'
        status, answer = self.send("msg_1", body)
        self.assertEqual((status, answer.get("result")), (200, "queued"), answer)
        self.assertEqual(self.send("msg_1", body)[1]["result"], "repeated")
        self.assertEqual(self.send("msg_2", body, **{"webhook-id": "msg_3"})[0], 401)
        old = datetime.datetime.now(tz=datetime.timezone.utc) - datetime.timedelta(minutes=6)
        self.assertEqual(self.send("msg_4", body, when=old)[0], 401)


DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><path d='M1 1L8 8' stroke='#000'/></svg>"


class VerifiedByTheReferenceLibrary(unittest.TestCase):
    """A receiver that kills the daemon before it answers gets every message all the same, each under its own identity."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.state = self.folder + "/state"
        self.came = queue.Queue()
        self.kills = False
        self.daemon = None
        test = self

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                test.came.put((dict(self.headers), body))
                if test.kills:
                    test.kills = False
                    os.kill(test.daemon.pid, signal.SIGKILL)
                    test.daemon.wait(60)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()
        self.address = "http://127.0.0.1:%d/hook" % self.receiver.server_port
        self.config = self.folder + "/config.json"
        with open(self.config, "w") as file:
            json.dump({"webhooks": {
                "out": [{"name": "museum", "url": self.address, "events": ["job.*"]}], "allow": ["127.0.0.1"]}}, file)
        self.addCleanup(self.stop)

    def start(self):
        environment = dict(os.environ, HOME=self.folder, XDG_RUNTIME_DIR=self.folder)
        self.daemon = subprocess.Popen(
            [AXIDRAWD, "serve", "--simulate", "--speed", "max", "--state", self.state, "--config", self.config,
             "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True, env=environment)
        for line in self.daemon.stderr:
            if "127.0.0.1:" in line:
                self.port = int("".join(c for c in line.split("127.0.0.1:")[1].split()[0] if c.isdigit()))
                break
        threading.Thread(target=self.daemon.stderr.read, daemon=True).start()

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(60)

    def run_verb(self, *arguments):
        return subprocess.run(
            [AXIDRAWD, "webhooks", *arguments, "--simulated", "--state", self.state], capture_output=True, text=True,
            timeout=60)

    def draw(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/v1/devices/plot1/jobs", DRAWING, {"Content-Type": "image/svg+xml"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer["id"]

    def resume(self, job):
        """After a start nothing moves before a person says so, which is taken as soon as the board has answered."""
        end = time.monotonic() + 60
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", f"/v1/jobs/{job}/resume?homed=true", b"")
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            if answer.status == 200:
                return
            self.assertLess(time.monotonic(), end, text)
            time.sleep(0.02)

    def next(self):
        headers, body = self.came.get(timeout=120)
        headers = {name.lower(): value for name, value in headers.items()}
        # Raises unless signature and time are right.
        return headers["webhook-id"], Webhook(self.secret).verify(body.decode(), headers)

    def test_everything_comes_verified_across_a_kill(self):
        self.secret = self.run_verb("secret", "museum").stdout.strip()
        self.start()
        self.kills = True
        job = self.draw()
        first, message = self.next()
        self.assertEqual((message["type"], message["data"]["job"]), ("job.queued", job))
        self.daemon.stderr.close()
        self.start()
        again, message = self.next()
        self.assertEqual((again, message["type"]), (first, "job.queued"))
        seen = {first}
        self.resume(job)
        while message["type"] != "job.finished":
            identity, message = self.next()
            self.assertNotIn(identity, seen)
            seen.add(identity)
            self.assertEqual(message["data"]["job"], job)

    def test_a_test_message_says_what_was_answered(self):
        self.start()
        done = self.run_verb("test", "museum", "--config", self.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.secret = self.run_verb("secret", "museum").stdout.strip()
        identity, message = self.next()
        self.assertIn(identity, done.stdout)
        self.assertEqual(message["type"], "webhook.test")
        refused = self.run_verb("test", self.address)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("no public address", refused.stderr)
        self.assertEqual(self.run_verb("test", "nobody").returncode, 64)


class Secure(unittest.TestCase):
    """A receiver behind TLS: its certificate must be signed by somebody known, for the name that was asked for."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=authority of a test", "-keyout", "authority.key", "-out", "authority.pem")

    NAMESPACE = ["unshare", "--map-root-user", "--mount", "sh", "-ec"]
    BELIEVED = "/etc/ssl/certs/ca-certificates.crt"

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def serve(self, name):
        """A server whose certificate is for `name`; its port, and the bodies that came."""
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr")
        with open(f"{self.folder}/names", "w") as file:
            file.write(f"subjectAltName=DNS:{name}\n")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey", "authority.key",
                     "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", f"{name}.pem")
        came = []

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                came.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/{name}.pem", f"{self.folder}/{name}.key")
        # The handshake is each connection's own, so that one that is broken off does not end the server.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port, came

    def tell(self, port, authority=None):
        """Sends a test message to `https://localhost`; the verb's code and words."""
        config = f"{self.folder}/config.json"
        with open(config, "w") as file:
            json.dump({"webhooks": {
                "out": [{"name": "museum", "url": f"https://localhost:{port}/hook", "events": ["job.*"]}],
                "allow": ["127.0.0.1", "::1"]}}, file)
        words = [AXIDRAWD, "webhooks", "test", "museum", "--simulated", "--config", config, "--state", self.folder + "/state"]
        if authority:
            # Who is believed stands in the system's file alone; for this one process another lies over it.
            words = [*self.NAMESPACE, 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh", authority, self.BELIEVED, *words]
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=120, env=dict(os.environ, HOME=self.folder))
        return done.returncode, done.stdout + done.stderr

    def test_who_is_not_known_is_not_told(self):
        port, came = self.serve("localhost")
        code, said = self.tell(port)
        self.assertEqual((code, came), (1, []), said)
        self.assertRegex(said, "certificate")

    def test_who_is_known_is_told_by_the_right_name_alone(self):
        can = subprocess.run([*self.NAMESPACE, f"mount --bind /dev/null {self.BELIEVED}"], capture_output=True, timeout=60)
        if can.returncode != 0:
            print("not run: this machine gives no mount namespace, so no authority of our own", end=" ")
            return
        port, came = self.serve("localhost")
        code, said = self.tell(port, self.folder + "/authority.pem")
        self.assertEqual((code, len(came)), (0, 1), said)
        port, came = self.serve("elsewhere.example")
        code, said = self.tell(port, self.folder + "/authority.pem")
        self.assertEqual((code, came), (1, []), said)
        self.assertRegex(said, "certificate")


if __name__ == "__main__":
    unittest.main()
