"""The show on a real Consul and a real Nomad, where they are installed: the doubles stand for these.

AXIDRAWD_CONSUL and AXIDRAWD_NOMAD name the programs, else they are looked for as any other. Debian 12 has neither; Debian 11 has
Consul 1.8.7, Ubuntu 20.04 Consul 1.5.2 and Nomad 0.8.7, and each of these packages is one program that runs as it is unpacked.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import consul as client_of_consul
import consul_test
import nomad_jobs
from board import AXIDRAWD
from host import Host
from nomad_test import ORIGINAL, PRODUCTS
from proxy import free_ports


def program(name):
    found = os.environ.get("AXIDRAWD_" + name.upper()) or shutil.which(name)
    if found is None:
        raise unittest.SkipTest(f"no real {name} is installed: only its double is tried")
    return found


def ask(port, method, path, body=None):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request(method, path, body=body if body is None else json.dumps(body))
        answer = link.getresponse()
        return answer.status, answer.read().decode()
    finally:
        link.close()


def eventually(what, condition, seconds=float(os.environ.get("PATIENCE", 120))):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.05)


class Server:
    """A server of somebody else's that can die and comes back at the same port, knowing nothing."""

    def __init__(self):
        self.work = tempfile.TemporaryDirectory()
        self.log = open(pathlib.Path(self.work.name) / "log", "w+")
        self.launch()

    def launch(self):
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        eventually("the server has a leader", self.has_leader)

    def has_leader(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            raise AssertionError(self.log.read()[-2000:])
        try:
            status, text = ask(self.port, "GET", "/v1/status/leader")
            return status == 200 and len(json.loads(text)) > 0 and self.is_ready()
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def is_ready(self):
        return True

    def die(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        self.log.close()
        self.work.cleanup()


class Consul(Server):
    def __init__(self):
        self.program = program("consul")
        self.ports = free_ports(4)
        self.port = self.ports[0]
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = client_of_consul.Consul(port=self.port)

    def command(self):
        flags = [f"-{name}-port={port}" for name, port in zip(["http", "server", "serf-lan", "serf-wan"], self.ports)]
        return [self.program, "agent", "-dev", "-bind=127.0.0.1", "-dns-port=-1", "-grpc-port=-1", "-log-level=warn", *flags]

    def is_ready(self):
        # It takes writes once it knows itself.
        return ask(self.port, "PUT", "/v1/kv/ready", 1)[0] == 200 and ask(self.port, "DELETE", "/v1/kv/ready")[0] == 200

    def happens(self, word):
        if word == "forget":
            for name in json.loads(ask(self.port, "GET", "/v1/agent/services")[1]):
                ask(self.port, "PUT", f"/v1/agent/service/deregister/{name}")
        elif word == "die":
            self.die()
        else:
            self.launch()

    def names(self):
        return {item["Service"]["Meta"]["plotter"] for item in self.client.health.service("axidrawd-plotter", passing=True)[1]}

    def text(self, key):
        found = self.client.kv.get(key)[1]
        return found and found["Value"].decode()


class Nomad(Server):
    def __init__(self, consul):
        self.program = program("nomad")
        self.ports = free_ports(3)
        self.port, self.consul = self.ports[0], consul
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self):
        version = subprocess.run([self.program, "version"], capture_output=True, text=True, check=True).stdout
        numbers = tuple(int(part) for part in version.split()[1].lstrip("v").split("-")[0].split(".")[:2])
        raw = 'plugin "raw_exec" {\n  config {\n    enabled = true\n    no_cgroups = true\n  }\n}\n'
        if numbers < (0, 9):
            raw = 'client {\n  options {\n    "driver.raw_exec.enable" = "1"\n    "driver.raw_exec.no_cgroups" = "1"\n  }\n}\n'
        places = "".join(f"  {name} = {port}\n" for name, port in zip(["http", "rpc", "serf"], self.ports))
        file = pathlib.Path(self.work.name) / "nomad.hcl"
        file.write_text(f'ports {{\n{places}}}\nconsul {{\n  address = "127.0.0.1:{self.consul.port}"\n}}\n{raw}')
        return [self.program, "agent", "-dev", f"-config={file}"]

    def is_ready(self):
        nodes = json.loads(ask(self.port, "GET", "/v1/nodes")[1])
        return any(node["Status"] == "ready" for node in nodes)

    def register(self, job):
        status, text = ask(self.port, "PUT", "/v1/jobs", {"Job": job})
        assert status == 200, text

    def ended(self):
        """How the runs of presses ended."""
        found = json.loads(ask(self.port, "GET", "/v1/allocations")[1])
        return sorted(entry["ClientStatus"] for entry in found)


class Show(Host):
    """A daemon of the fleet."""

    def __init__(self, name, cluster, *flags, **plan):
        self.products = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.products.write(json.dumps(dict(PRODUCTS, **plan)))
        self.products.flush()
        [port] = free_ports(1)
        cluster["consul"].update({"id": name, "address": f"http://127.0.0.1:{port}", "ttlSeconds": 3})
        super().__init__(
            *flags, "--products", self.products.name, configuration={"cluster": cluster, "access": "local"},
            listen=(f"127.0.0.1:{port}",))

    def __exit__(self, *_):
        super().__exit__()
        self.products.close()

    def done(self):
        items = json.loads(self.ask("GET", "/v1/devices/plot1/jobs?limit=200")[2])["items"]
        return [job["name"].split()[0] for job in reversed(items) if job["state"] == "done"]


class TheDoubleOfConsulIsRight(consul_test.AnotherPersonsClient):
    """What is asked of the double, asked of a real one."""

    def setUp(self):
        self.double = Consul()
        self.addCleanup(self.double.end)
        self.client = self.double.client


class TheShow(unittest.TestCase):
    def setUp(self):
        self.consul = Consul()
        self.addCleanup(self.consul.end)

    def show(self, name, *flags, nomad=None, job=None, **plan):
        cluster = {"consul": {"url": self.consul.url}}
        if nomad:
            cluster["nomad"] = {"url": nomad.url, **(job or {"job": "plot"})}
        show = Show(name, cluster, *flags, **plan)
        if "webhooks" in flags:
            for flag in ["--simulate", "--speed", "max"]:
                show.flags.remove(flag)
        self.addCleanup(show.__exit__)
        return show.__enter__()

    def server(self):
        nomad = Nomad(self.consul)
        self.addCleanup(nomad.end)
        return nomad

    def press(self, front, number, name="plot1"):
        """Pressed until it counts, as senders do: a front may be just finding the plotter."""
        body = json.dumps({"press": "single", "device": name, "id": f"press-{number}"})

        def counts():
            nonlocal said
            status, _, said = front.ask("POST", f"/v1/webhooks/door-{number}", body, {"Content-Type": "application/json"})
            self.assertIn(status, [200, 404, 409, 503], said)
            return status == 200

        said = ""
        eventually(f"press {number} counts", counts)
        answer = json.loads(said)
        self.assertIn(answer.get("result"), ["queued", "repeated"], said)
        return answer.get("product")

    def shipped(self, nomad, show):
        nomad.register(nomad_jobs.driven_by(
            nomad_jobs.shipped("plot.nomad"), AXIDRAWD, "--products", show.products.name,
            environment={"CONSUL_HTTP_ADDR": self.consul.url}))

    def test_a_press_is_drawn_through_both(self):
        nomad = self.server()
        plotter = self.show("studio", nomad=nomad)
        front = self.show("front", "--role", "webhooks")
        self.shipped(nomad, plotter)
        for number in range(4):
            self.press(front, number)
        eventually("the runs are complete", lambda: nomad.ended() == ["complete"] * 4)
        self.assertEqual(sorted(plotter.done()), ["ant", "ant", "bee", "cat"])
        self.assertEqual(self.consul.text("axidraw_address"), f"http://127.0.0.1:{plotter.port}")
        self.assertEqual(json.loads(self.consul.text("axidraw_plot1_current"))["product"], plotter.done()[-1])
        # Nomad dies: the press counts, and is drawn all the same; it comes back with nothing, and is used again.
        nomad.die()
        self.press(front, 4)
        eventually("drawn without Nomad", lambda: len(plotter.done()) == 5)
        nomad.launch()
        # A job that is not there is told, and the press drawn here.
        self.press(front, 5)
        eventually("drawn without the job", lambda: len(plotter.done()) == 6)
        self.shipped(nomad, plotter)
        self.press(front, 6)
        eventually("the run is complete", lambda: nomad.ended() == ["complete"])
        self.assertEqual(len(plotter.done()), 7)

    def test_consul_dies_and_comes_back_empty(self):
        plotter = self.show("studio")
        plotter.flags[plotter.flags.index("max")] = "5"
        plotter.end()
        plotter.__enter__()
        front = self.show("front", "--role", "webhooks")
        self.press(front, 0)
        eventually("it plots", lambda: self.consul.text("axidraw_plot1_state") == "plotting")
        self.consul.happens("die")
        self.assertEqual(plotter.ask("POST", "/installation/plot1/single")[0], 200)
        self.consul.happens("empty")
        eventually("it is known again", lambda: self.consul.names() == {"plot1"})
        eventually("both are drawn", lambda: len(plotter.done()) == 2)
        eventually("so is its state", lambda: self.consul.text("axidraw_plot1_state") == "idle")
        self.press(front, 1)
        eventually("drawn", lambda: len(plotter.done()) == 3)
        # Who goes says so.
        self.assertEqual(plotter.end(), 0)
        self.assertEqual(self.consul.text("axidraw_plot1_state"), "absent")

    def test_two_fronts_and_two_plotters_share_the_cycle(self):
        plotters = [self.show(f"studio{k}", "--name", f"plot{k}") for k in (1, 2)]
        fronts = [self.show(f"front{k}", "--role", "webhooks") for k in (1, 2)]
        taken = [self.press(fronts[number % 2], number, f"plot{1 + number % 2}") for number in range(12)]
        self.assertEqual(taken, ["ant", "bee", "cat"] * 4)

    def test_a_job_file_of_the_original(self):
        nomad = self.server()
        plotter = self.show("studio", nomad=nomad, job={"jobs": {"plot1": "plotter1"}})
        text = ORIGINAL.replace("PROGRAM", AXIDRAWD).replace("PRODUCTS", plotter.products.name)
        nomad.register(nomad_jobs.read(text.replace("CONSUL\"", f"{self.consul.port}\"")))
        eventually("its address is known", lambda: self.consul.text("axidraw_address"))
        self.assertEqual(plotter.ask("POST", "/single/plot1")[0], 200)
        eventually("the run is complete", lambda: nomad.ended() == ["complete"])
        self.assertEqual(plotter.done(), ["ant"])

    def run_job(self, nomad, *words):
        done = subprocess.run(
            [nomad.program, "job", *words], capture_output=True, text=True, timeout=120,
            env={**os.environ, "NOMAD_ADDR": nomad.url})
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout} {done.stderr}")

    def test_nomad_takes_the_job_files_as_they_ship(self):
        nomad = self.server()
        for file in sorted(nomad_jobs.FOLDER.glob("*.nomad")):
            self.run_job(nomad, "validate", str(file))

    def test_a_front_that_nomad_starts(self):
        """The job file that ships, with another driver and other places: Consul knows it as passing, and it takes presses."""
        nomad = self.server()
        plotter = self.show("studio")
        [port] = free_ports(1)
        work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (work / "config.json").write_text(json.dumps(
            {"cluster": {"consul": {"url": self.consul.url}}, "access": "local"}))
        text = (nomad_jobs.FOLDER / "webhooks.nomad").read_text()
        for shipped, here in [
            ('"exec"', '"raw_exec"'), ('"/usr/bin/axidrawd"', json.dumps(AXIDRAWD)), ("/etc/axidrawd/config.json", f"{work}/config.json"),
            (":8081", f"127.0.0.1:{port}"), ("8081", str(port)), ("count = 2", "count = 1"), ('"--installation"', f'"--products", "{plotter.products.name}"'),
        ]:
            self.assertIn(shipped, text)
            text = text.replace(shipped, here)
        (work / "webhooks.nomad").write_text(text)
        self.run_job(nomad, "run", str(work / "webhooks.nomad"))
        eventually("it passes its check", lambda: self.consul.client.health.service("axidrawd-webhooks", passing=True)[1])
        [found] = self.consul.client.health.service("axidrawd-webhooks", passing=True)[1]
        self.assertEqual(found["Service"]["Port"], port)
        self.assertIn("urlprefix-/v1/webhooks/", found["Service"]["Tags"])
        front = Host()
        self.addCleanup(front.folder.cleanup)
        front.port = port
        self.press(front, 0)
        eventually("drawn", lambda: len(plotter.done()) == 1)
        self.run_job(nomad, "stop", "-purge", "webhooks")


if __name__ == "__main__":
    unittest.main()
