"""Nomad: the double against recorded answers and PyPI's python-nomad, and a press that becomes a drawing through it."""

import base64
import http.client
import json
import os
import pathlib
import re
import signal
import tempfile
import time
import unittest

import nomad
import nomad_double as double
import nomad_jobs
from host import Host

AXIDRAWD = os.environ["AXIDRAWD"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAYLOAD = base64.b64encode(b'{"product":"nomad","ts":1566027573542}').decode()
PRODUCTS = {
    "products": [
        {"name": name, "kind": "flow", "parameters": {"width": 30, "height": 30}} for name in ["ant", "bee", "cat"]
    ],
    "cycle": ["ant", "bee", "cat"], "paper": "endless", "press": "draws",
}
# As the original had them, with the driver exchanged: a job for each plotter, no meta, the plotter in the environment.
ORIGINAL = """
job "plotter1" {
  datacenters = ["dc1"]
  type = "batch"
  parameterized { payload = "required" }
  group "plot" {
    task "plot" {
      driver = "raw_exec"
      config { command = "PROGRAM" args = ["task", "--products", "PRODUCTS"] }
      env {
        CONSUL_HOST = "127.0.0.1"
        CONSUL_PORT = "CONSUL"
        PLOTTER_ID = "plot1"
        DESIGN_URL = "http://127.0.0.1:9999/design"
      }
      dispatch_payload { file = "config.json" }
    }
  }
}
""".replace("{ command", "{\n command").replace(" args", "\n args").replace("] }", "]\n }")


class AgainstRecordedAnswers(unittest.TestCase):
    def test_the_double_answers_as_servers_do(self):
        lines = (ROOT / "fixtures/cluster/exchanges.jsonl").read_text().splitlines()
        exchanges = [entry for entry in map(json.loads, lines) if entry["server"] == "nomad"]
        compared, child, ours = 0, None, None
        with double.Nomad() as server:
            for entry in exchanges:
                # A parser of job files is not part of it; its own clock decides when a look changes.
                if entry["name"].startswith("jobs parse") or "blocking" in entry["name"]:
                    continue
                path, body = entry["path"], entry.get("body", "")
                if child:
                    path = path.replace(child, ours).replace(child.replace("/", "%2F"), ours.replace("/", "%2F"))
                if sized := re.match(r"dispatch (\d+) bytes", entry["name"]):
                    data = base64.b64encode(b"x" * int(sized[1])).decode()
                    body = json.dumps({"Payload": data, "Meta": {"plotter": "p"}})
                if entry["name"] == "dispatched job":
                    server.wait("run", lambda: server.jobs[ours]["Status"] == "dead")
                link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
                link.request(entry["method"], path, body=body)
                answer = link.getresponse()
                text = answer.read().decode()
                link.close()
                self.compare(entry, answer, text, child, ours)
                compared += 1
                if entry["name"] == "dispatch":
                    child = json.loads(entry["reply"])["DispatchedJobID"]
                    ours = json.loads(text)["DispatchedJobID"]
        self.assertGreater(compared, 20)

    def compare(self, entry, answer, text, child, ours):
        name = entry["name"]
        self.assertEqual(answer.status, entry["status"], name)
        kind = entry["replyHeaders"]["content-type"]
        self.assertEqual(answer.headers["Content-Type"], kind, name)
        if not kind.startswith("application/json"):
            expected = entry["reply"].replace(child, ours) if child else entry["reply"]
            return self.assertEqual(text, expected, name)
        theirs = json.loads(entry["reply"]) if len(entry["reply"]) < 20_000 else None
        mine = json.loads(text)
        if isinstance(theirs, list):
            self.assertEqual(bool(mine), bool(theirs), name)
            theirs, mine = (theirs or [{}])[0], (mine or [{}])[0]
        if isinstance(theirs, dict) and name.startswith(("dispatch", "stop", "purge")) and "Index" in theirs:
            self.assertEqual(set(mine), set(theirs), name)
        elif isinstance(theirs, dict):
            for key in ["ID", "ParentID", "Status", "Stop", "Type", "Payload", "Meta", "Dispatched", "ClientStatus"]:
                if key in theirs and key in mine and child not in (None, theirs[key]) and key != "ID":
                    self.assertEqual(mine[key], theirs[key], f"{name}: {key}")
            if "Summary" in theirs:
                self.assertEqual((mine["Summary"], mine["Children"]), (theirs["Summary"], theirs["Children"]), name)


class ByTheLibrary(unittest.TestCase):
    def test_a_library_finds_a_server(self):
        with double.Nomad() as server:
            client = nomad.Nomad(host="127.0.0.1", port=server.port, timeout=60)
            job = nomad_jobs.driven_by(nomad_jobs.shipped("plot.nomad"), "/bin/true")
            self.assertEqual(client.jobs.register_job({"Job": job})["Warnings"], "")
            made = client.job.dispatch_job("plot", payload=PAYLOAD, meta={"plotter": "plot1"})
            child = made["DispatchedJobID"]
            self.assertRegex(child, r"^plot/dispatch-\d+-[0-9a-f]{8}$")
            server.wait("run", lambda: server.jobs[child]["Status"] == "dead")
            self.assertEqual(client.job.get_summary(child)["Summary"]["plot"]["Complete"], 1)
            found = client.job.get_allocations(child)
            self.assertEqual([entry["ClientStatus"] for entry in found], ["complete"])
            self.assertEqual(client.job.get_job(child)["ParentID"], "plot")
            self.assertEqual(client.status.leader.get_leader(), "127.0.0.1:4647")
            for words in [{"payload": PAYLOAD}, {"meta": {"plotter": "p"}}]:
                with self.assertRaises(Exception) as raised:
                    client.job.dispatch_job("plot", **words)
                self.assertIn("required", str(raised.exception.nomad_resp.text))
            client.job.deregister_job(child)


class Show(Host):
    """A daemon with an installation whose presses Nomad has drawn."""

    def __init__(self, nomad, job="plot", **plan):
        self.work = tempfile.TemporaryDirectory()
        products = pathlib.Path(self.work.name) / "products.json"
        products.write_text(json.dumps(dict(PRODUCTS, **plan)))
        self.products = str(products)
        cluster = {"nomad": {"url": nomad.url, **({"job": job} if isinstance(job, str) else {"jobs": job})}}
        super().__init__("--products", self.products, configuration={"cluster": cluster, "access": "local"})

    def __exit__(self, *_):
        super().__exit__()
        self.work.cleanup()

    def press(self):
        status, _, text = self.ask("POST", "/installation/plot1/single")
        return status, text

    def jobs(self):
        return json.loads(self.ask("GET", "/v1/devices/plot1/jobs?limit=200")[2])["items"]

    def done(self):
        return [job for job in self.jobs() if job["state"] == "done"]

    def line(self):
        shown = json.loads(self.ask("GET", "/v1/installation")[2])
        return shown["plotters"][0]["line"]


def eventually(what, condition, seconds=float(os.environ.get("PATIENCE", 120))):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.02)


class ThePressBecomesADrawing(unittest.TestCase):
    def show(self, server, **plan):
        show = Show(server, **plan)
        self.addCleanup(show.__exit__)
        show.__enter__()
        job = nomad_jobs.driven_by(
            nomad_jobs.shipped("plot.nomad"), AXIDRAWD, "--products", show.products,
            environment={"AXIDRAWD_URL": f"http://127.0.0.1:{show.port}"})
        server.register(job)
        return show

    def test_through_the_job_that_ships(self):
        with double.Nomad() as server:
            show = self.show(server)
            for _ in range(3):
                self.assertEqual(show.press()[0], 200)
            server.wait("all complete", lambda: [a["ClientStatus"] for a in server.allocations] == ["complete"] * 3)
            self.assertEqual(len(show.done()), 3)
            self.assertEqual([a["TaskStates"]["plot"]["Restarts"] for a in server.allocations], [0, 0, 0])
            # Drawn by the tasks, not here: each says so.
            for allocation in server.allocations:
                self.assertIn("is drawn", server.log(allocation))
            names = sorted(job["name"].split()[0] for job in show.done())
            self.assertEqual(names, ["ant", "bee", "cat"])

    def test_nomad_dies_between_dispatch_and_answer(self):
        for idempotent in [True, False]:
            with double.Nomad(idempotent=idempotent) as server:
                show = self.show(server, paper="sheets")
                server.answer_with("drop", (500, "No cluster leader"), (302, ""), "silence")
                self.assertEqual(show.press()[0], 200)
                # Nobody has laid paper yet: the press waits, and so does the task that nobody heard of.
                server.wait("the task runs", lambda: server.allocations and "waits at" in server.log(server.allocations[0]))
                server.die()
                self.assertEqual(show.ask("POST", "/double/plot1")[0], 200)
                eventually("drawn", lambda: len(show.done()) == 1)
                server.wait("complete", lambda: server.allocations[0]["ClientStatus"] == "complete")
                self.assertEqual((len(show.jobs()), show.line()), (1, []))

    def test_with_nomad_dead_the_button_works(self):
        with double.Nomad() as server:
            show = self.show(server)
            server.die()
            for _ in range(2):
                self.assertEqual(show.press()[0], 200)
            eventually("drawn", lambda: len(show.done()) == 2)
            # It comes back, and is used again without a person.
            server.listen()
            self.assertEqual(show.press()[0], 200)
            server.wait("complete", lambda: any(a["ClientStatus"] == "complete" for a in server.allocations))
            self.assertEqual(len(show.done()), 3)

    def test_a_task_that_is_killed_and_rescheduled_draws_once(self):
        with double.Nomad(speed=200) as server:
            show = self.show(server, paper="sheets")
            self.assertEqual(show.press()[0], 200)
            killed = 0
            while killed < 5:
                server.wait("a run", lambda: sum(
                    server.log(a).count("waits at") for a in list(server.allocations)) > killed)
                process = server.allocations[-1]["process"]
                server.kill(server.allocations[-1], signal.SIGKILL)
                process.wait()
                killed += 1
            self.assertEqual(len(server.allocations), 2, "four runs, then another allocation")
            self.assertEqual(show.ask("POST", "/double/plot1")[0], 200)
            server.wait("complete", lambda: server.allocations[-1]["ClientStatus"] == "complete")
            self.assertEqual((len(show.jobs()), len(show.done()), show.line()), (1, 1, []))

    def test_a_mistake_is_told_and_not_repeated(self):
        with double.Nomad() as server:
            show = self.show(server)
            server.stop("plot", purge=True)
            before = len(server.requests)
            self.assertEqual(show.press()[0], 200)
            eventually("drawn here", lambda: len(show.done()) == 1)
            dispatches = [path for method, path, *_ in server.requests[before:] if "/dispatch" in path]
            self.assertEqual(len(dispatches), 1)

    def test_a_job_file_of_the_original(self):
        with double.Nomad() as server:
            show = Show(server, job={"plot1": "plotter1"})
            self.addCleanup(show.__exit__)
            show.__enter__()
            with Consul(f"http://127.0.0.1:{show.port}") as consul:
                text = ORIGINAL.replace("PROGRAM", AXIDRAWD).replace("PRODUCTS", show.products)
                server.register(nomad_jobs.read(text.replace("CONSUL\"", f"{consul.port}\"")))
                self.assertEqual(show.press()[0], 200)
                server.wait("complete", lambda: [a["ClientStatus"] for a in server.allocations] == ["complete"])
                # And a payload as its webhooks service wrote it.
                status, answer = server.dispatch("plotter1", {"Payload": base64.b64encode(
                    b'{"product":"bee","ts":1566027573542}').decode()})
                self.assertEqual(status, 200, answer)
                server.wait("complete", lambda: [a["ClientStatus"] for a in server.allocations] == ["complete"] * 2)
                self.assertEqual(len(show.done()), 2)

    def test_what_is_not_ours_fails_with_a_reason(self):
        with double.Nomad(speed=1000) as server:
            show = self.show(server)
            for payload, code, words in [
                (b"junk", 65, "none of ours"), (b'{"version":9}', 78, "version 9"),
                (b'{"product":"dodo","ts":1}', 65, "knows no product"),
            ]:
                before = len(server.allocations)
                server.dispatch("plot", {"Payload": base64.b64encode(payload).decode(), "Meta": {"plotter": "plot1"}})
                server.wait("failed", lambda: len(server.allocations) == before + 4 and all(
                    a["ClientStatus"] == "failed" for a in server.allocations[before:]))
                allocation = server.allocations[before]
                self.assertIn(words, server.log(allocation))
                self.assertEqual({event["ExitCode"] for event in allocation["TaskStates"]["plot"]["Events"]}, {code})
            self.assertEqual(show.jobs(), [])


class Consul:
    """Says one key."""

    def __init__(self, address):
        import http.server
        import threading

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                is_known = self.path == "/v1/kv/axidraw_address?raw"
                body = address.encode() if is_known else b""
                self.send_response(200 if is_known else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
