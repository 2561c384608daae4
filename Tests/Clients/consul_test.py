"""PyPI's py-consul speaks with the double of Consul, and finds there what the daemon has said of itself."""
import pathlib
import subprocess
import threading
import time
import unittest

import consul

from board import AXIDRAWD
from host import Host

CAMPAIGN = str(pathlib.Path(AXIDRAWD).with_name("axidrawd-campaign"))


class Double:
    def __init__(self):
        self.process = subprocess.Popen(
            [CAMPAIGN, "double", "consul"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.client = consul.Consul(port=int(self.url.rsplit(":", 1)[1]))

    def happens(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == "done " + word

    def end(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


def eventually(test, what, condition):
    end = time.monotonic() + 60
    while not condition():
        test.assertLess(time.monotonic(), end, what)
        time.sleep(0.01)


class AnotherPersonsClient(unittest.TestCase):
    def setUp(self):
        self.double = Double()
        self.addCleanup(self.double.end)
        self.client = self.double.client

    def test_keys(self):
        kv = self.client.kv
        self.assertIsNone(kv.get("current_product")[1])
        self.assertTrue(kv.put("current_product", "vagrant", cas=0))
        self.assertFalse(kv.put("current_product", "packer", cas=0))
        index, entry = kv.get("current_product")
        self.assertEqual((entry["Value"], entry["Flags"]), (b"vagrant", 0))
        self.assertTrue(kv.put("current_product", "packer", cas=entry["ModifyIndex"], flags=2))
        later = threading.Timer(0.1, lambda: kv.put("current_product", "consul"))
        later.start()
        new, entry = kv.get("current_product", index=kv.get("current_product")[0], wait="20s")
        later.join()
        self.assertEqual((entry["Value"], new > index), (b"consul", True))
        self.assertEqual(kv.get("cur", keys=True)[1], ["current_product"])
        self.assertTrue(kv.put("empty", ""))
        self.assertIsNone(kv.get("empty")[1]["Value"])
        self.assertTrue(kv.delete("current_product"))
        self.assertIsNone(kv.get("current_product")[1])

    def test_services_and_checks(self):
        agent, health = self.client.agent, self.client.health
        agent.service.register("axidrawd", "one", "127.0.0.1", 8080, ["a"], check=consul.Check.ttl("10s"))
        self.assertEqual(health.service("axidrawd", passing=True)[1], [])
        self.assertTrue(agent.check.ttl_pass("service:one", "fine"))
        self.assertEqual(health.service("axidrawd", passing=True)[1][0]["Service"]["Port"], 8080)
        self.assertTrue(agent.check.ttl_warn("service:one", "paper"))
        self.assertEqual(health.service("axidrawd", passing=True)[1], [])
        self.assertEqual(health.checks("axidrawd")[1][0]["Output"], "paper")
        self.assertIn("axidrawd", self.client.catalog.services()[1])
        self.assertTrue(agent.service.deregister("one"))
        self.assertEqual(health.service("axidrawd")[1], [])

    def test_sessions_and_locks(self):
        one, two = self.client.session.create(behavior="delete", ttl=10), self.client.session.create()
        self.assertTrue(self.client.kv.put("lock", "a", acquire=one))
        self.assertFalse(self.client.kv.put("lock", "b", acquire=two))
        self.assertEqual(self.client.kv.get("lock")[1]["Session"], one)
        self.assertTrue(self.client.session.renew(one))
        self.assertTrue(self.client.session.destroy(one))
        self.assertIsNone(self.client.kv.get("lock")[1])

    def test_finds_the_daemon(self):
        settings = {"cluster": {"consul": {"url": self.double.url, "id": "studio", "ttlSeconds": 3}}}
        health = self.client.health
        with Host(configuration=settings) as host:

            def passing():
                return [
                    (item["Service"]["Meta"]["plotter"], item["Service"]["Port"])
                    for item in health.service("axidrawd-plotter", passing=True)[1]
                ]

            eventually(self, "the plotter is known", lambda: passing() == [("plot1", host.port)])
            eventually(self, "so is its state", lambda: (self.client.kv.get("axidraw_plot1_state")[1] or {}).get(
                "Value") == b"raised")
            address = self.client.kv.get("axidraw_address")[1]["Value"].decode()
            self.assertEqual(address, f"http://127.0.0.1:{host.port}")
            for happens in (["forget"], ["die", "empty"]):
                for word in happens:
                    self.double.happens(word)
                eventually(self, "it is known again", lambda: passing() == [("plot1", host.port)])
            self.assertEqual(host.end(), 0)
            self.assertEqual(passing(), [])
            self.assertEqual(self.client.kv.get("axidraw_plot1_state")[1]["Value"], b"absent")


if __name__ == "__main__":
    unittest.main()
