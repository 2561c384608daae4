"""PyPI's standardwebhooks signs what the daemon must take."""
import datetime
import http.client
import json
import os
import subprocess
import tempfile
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
        # Until the carriage has been homed a press moves the pen; either way it counts.
        status, answer = self.send("msg_1", body)
        self.assertEqual((status, answer.get("result") in ("moved", "queued")), (200, True), answer)
        self.assertEqual(self.send("msg_1", body)[1]["result"], "repeated")
        self.assertEqual(self.send("msg_2", body, **{"webhook-id": "msg_3"})[0], 401)
        old = datetime.datetime.now(tz=datetime.timezone.utc) - datetime.timedelta(minutes=6)
        self.assertEqual(self.send("msg_4", body, when=old)[0], 401)


if __name__ == "__main__":
    unittest.main()
