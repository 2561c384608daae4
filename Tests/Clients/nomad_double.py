"""A double of Nomad: its HTTP interface as servers of 0.9.4 and 1.1.2 answer it, and a client that really runs `raw_exec` tasks.

Only what dispatching needs: jobs are registered, dispatched, run, restarted, rescheduled, stopped and looked at. Times of a job file are
divided by `speed`. Faults by `answer_with`: what the next requests get instead of an answer.
"""

import argparse
import base64
import binascii
import http.server
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

LONGEST_PAYLOAD = 16_384
SECOND = 1_000_000_000


class Nomad:
    """Use as a context manager. `idempotent`: as from 1.1.3 on; earlier servers ignore the token without a word."""

    def __init__(self, port=0, idempotent=True, speed=20, environment=None):
        self.idempotent, self.speed = idempotent, speed
        self.environment = environment or {}
        self.index = 10
        self.jobs, self.allocations, self.tokens = {}, [], {}
        self.changed = threading.Condition()
        self.requests = []
        self.faults = []
        self.closed = False
        self.folder = tempfile.TemporaryDirectory()
        self.threads = []
        self.server = None
        self.port = port
        self.listen()

    # The process

    def listen(self):
        double = self

        class Handler(_Handler):
            nomad = double

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def die(self):
        """Nobody answers any more; tasks that run go on, as under a client that lost its servers."""
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        if self.server:
            self.die()
        for allocation in list(self.allocations):
            self.kill(allocation, signal.SIGKILL)
        for thread in self.threads:
            thread.join(60)
        self.folder.cleanup()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answer_with(self, *faults):
        """`(status, text)`, or "drop": done, but the answer is lost; "silence": nothing is done or said."""
        self.faults += faults

    def wait(self, what, condition, seconds=120):
        end = time.monotonic() + seconds
        with self.changed:
            while not condition():
                if time.monotonic() > end:
                    raise AssertionError(f"never: {what}")
                self.changed.wait(0.05)

    def touch(self):
        self.index += 1
        return self.index

    # Jobs

    def register(self, job):
        with self.changed:
            job = dict(job, Status="running" if job.get("ParameterizedJob") else "pending", Stop=False)
            job["CreateIndex"] = self.jobs.get(job["ID"], {}).get("CreateIndex", self.index)
            job["ModifyIndex"] = job["JobModifyIndex"] = self.touch()
            self.jobs[job["ID"]] = job
            return job

    def dispatch(self, name, body, token=None):
        """The answer and its status, in the words of a server."""
        parent = self.jobs.get(name)
        if parent is None:
            return 500, "parameterized job not found"
        if not parent.get("ParameterizedJob"):
            return 500, f'Specified job "{name}" is not a parameterized job'
        if parent["Stop"]:
            return 500, f'Specified job "{name}" is stopped'
        try:
            payload = base64.b64decode(body.get("Payload") or "", validate=True)
        except (binascii.Error, ValueError):
            return 400, "illegal base64 data at input byte 1"
        rule, meta = parent["ParameterizedJob"], body.get("Meta") or {}
        if rule.get("Payload") == "required" and not payload:
            return 500, "Payload is not provided but required by parameterized job"
        if rule.get("Payload") == "forbidden" and payload:
            return 500, "Payload is not allowed by parameterized job"
        if len(payload) > LONGEST_PAYLOAD:
            return 500, f"Payload exceeds maximum size; {len(payload)} > {LONGEST_PAYLOAD}"
        required, optional = rule.get("MetaRequired") or [], rule.get("MetaOptional") or []
        missing = [key for key in required if key not in meta]
        if missing:
            return 500, f"Dispatch did not provide required meta keys: [{' '.join(missing)}]"
        extra = [key for key in meta if key not in required + optional]
        if extra:
            return 500, f"Dispatch request included unpermitted metadata keys: [{' '.join(extra)}]"
        with self.changed:
            if token and self.idempotent and (name, token) in self.tokens:
                return 200, self.tokens[name, token]
            child = f"{name}/dispatch-{int(time.time())}-{uuid.uuid4().hex[:8]}"
            created = self.touch()
            self.jobs[child] = dict(
                parent, ID=child, Name=child, ParentID=name, Dispatched=True, Status="pending", Stop=False,
                Payload=base64.b64encode(payload).decode(), Meta=meta,
                ParameterizedJob=None, CreateIndex=created,
            )
            answer = {
                "DispatchedJobID": child, "EvalID": str(uuid.uuid4()), "EvalCreateIndex": created + 1,
                "JobCreateIndex": created, "Index": self.touch(),
            }
            self.tokens[name, token] = answer
            self.changed.notify_all()
        thread = threading.Thread(target=self._run, args=(child,), daemon=True)
        self.threads.append(thread)
        thread.start()
        return 200, answer

    def stop(self, name, purge):
        with self.changed:
            job = self.jobs.get(name)
            if job:
                job["Stop"], job["Status"] = True, "dead"
                if purge:
                    del self.jobs[name]
            evaluation = "" if job and job.get("ParameterizedJob") else str(uuid.uuid4())
            index = self.touch()
            self.changed.notify_all()
        for allocation in [a for a in self.allocations if a["JobID"] == name]:
            self.kill(allocation, signal.SIGTERM)
        return {
            "EvalID": evaluation, "EvalCreateIndex": index, "JobModifyIndex": index, "VolumeEvalID": "",
            "VolumeEvalIndex": 0, "Index": index, "LastContact": 0, "KnownLeader": False,
        }

    def children(self, name):
        return [job for job in self.jobs.values() if job.get("ParentID") == name]

    # The client

    def kill(self, allocation, number):
        process = allocation["process"]
        if process and process.poll() is None:
            process.send_signal(number)

    def _run(self, child):
        """A job with one group of one task: allocations one after the other, as its policies say."""
        job = self.jobs[child]
        group = job["TaskGroups"][0]
        rule = group.get("ReschedulePolicy") or {"Attempts": 1, "Delay": 5 * SECOND}
        for attempt in range(1 + (rule.get("Attempts") or 0)):
            if attempt:
                time.sleep((rule.get("Delay") or 0) / SECOND / self.speed)
            if self.closed or job["Stop"] or self._allocate(job, group) == 0:
                break
        with self.changed:
            job["Status"] = "dead"
            self.touch()
            self.changed.notify_all()

    def _allocate(self, job, group):
        task = group["Tasks"][0]
        allocation = {
            "ID": str(uuid.uuid4()), "Name": f"{job['ID']}.{group['Name']}[0]", "JobID": job["ID"],
            "TaskGroup": group["Name"], "ClientStatus": "pending", "DesiredStatus": "run", "process": None,
            "TaskStates": {task["Name"]: {"State": "pending", "Failed": False, "Restarts": 0, "Events": []}},
        }
        state = allocation["TaskStates"][task["Name"]]
        place = pathlib.Path(self.folder.name) / allocation["ID"]
        (place / "local").mkdir(parents=True)
        if task.get("DispatchPayload"):
            (place / "local" / task["DispatchPayload"]["File"]).write_bytes(base64.b64decode(job["Payload"]))
        environment = self._environment(job, group, task, allocation, place)
        rule = group.get("RestartPolicy") or {"Attempts": 3, "Delay": 15 * SECOND}
        # Whoever sees the allocation may read its log.
        (place / "stderr").touch()
        with self.changed:
            self.allocations.append(allocation)
        code = 1
        for attempt in range(1 + (rule.get("Attempts") or 0)):
            if attempt:
                state["Restarts"] = attempt
                time.sleep((rule.get("Delay") or 0) / SECOND / self.speed)
            if self.closed or job["Stop"]:
                break
            code = self._execute(job, task, allocation, environment, place)
            state["Events"].append({"Type": "Terminated", "ExitCode": code, "DisplayMessage": f"Exit Code: {code}"})
            if code == 0:
                break
        with self.changed:
            state["State"], state["Failed"] = "dead", code != 0
            allocation["ClientStatus"] = "complete" if code == 0 else "failed"
            self.touch()
            self.changed.notify_all()
        return code

    def _execute(self, job, task, allocation, environment, place):
        def filled(text):
            return re.sub(r"\$\{(?:env\.)?(\w+)\}", lambda found: environment.get(found[1], ""), text)

        config = task["Config"]
        command = [filled(config["command"]), *map(filled, config.get("args") or [])]
        # Under the lock: whoever reads a line of the log finds the process that wrote it.
        with self.changed, open(place / "stderr", "ab") as errors:
            process = subprocess.Popen(
                command, cwd=place, env={name: filled(value) for name, value in environment.items()},
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
            )
            allocation["process"] = process
            allocation["ClientStatus"] = job["Status"] = "running"
            allocation["TaskStates"][task["Name"]]["State"] = "running"
            self.touch()
            self.changed.notify_all()
        if self.closed:
            process.kill()
        code = process.wait()
        return 128 - code if code < 0 else code

    def log(self, allocation):
        return (pathlib.Path(self.folder.name) / allocation["ID"] / "stderr").read_text()

    def _environment(self, job, group, task, allocation, place):
        environment = {
            "PATH": os.environ["PATH"], "NOMAD_JOB_ID": job["ID"], "NOMAD_JOB_PARENT_ID": job["ParentID"],
            "NOMAD_ALLOC_ID": allocation["ID"], "NOMAD_ALLOC_INDEX": "0", "NOMAD_TASK_NAME": task["Name"],
            "NOMAD_GROUP_NAME": group["Name"], "NOMAD_TASK_DIR": str(place / "local"), "NOMAD_DC": "dc1",
            "NOMAD_REGION": "global", "NOMAD_NAMESPACE": "default",
        }
        # Optional ones are there, and empty.
        rule = self.jobs.get(job["ParentID"], {}).get("ParameterizedJob") or {}
        for key, value in {**{key: "" for key in rule.get("MetaOptional") or []}, **job["Meta"]}.items():
            environment[f"NOMAD_META_{key}"] = environment[f"NOMAD_META_{key.upper()}"] = value
        return {**environment, **(task.get("Env") or {}), **self.environment}


class Word:
    """A text that is answered as JSON; errors are plain."""

    def __init__(self, text):
        self.text = text


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    nomad = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.act("GET")

    def do_PUT(self):
        self.act("POST")

    def do_POST(self):
        self.act("POST")

    def do_DELETE(self):
        self.act("DELETE")

    def act(self, method):
        nomad = self.nomad
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, text = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        nomad.requests.append((method, self.path, body, dict(self.headers)))
        fault = nomad.faults.pop(0) if nomad.faults else None
        if fault == "silence":
            time.sleep(0.2)
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            return self.say(*fault)
        status, answer = self.answer(method, urllib.parse.unquote(path), query, body)
        if fault == "drop":
            self.close_connection = True
            return
        self.say(status, answer)

    def answer(self, method, path, query, body):
        nomad = self.nomad
        if path == "/v1/status/leader":
            return 200, Word("127.0.0.1:4647")
        if path == "/v1/jobs" and method == "POST":
            job = nomad.register(json.loads(body)["Job"])
            return 200, {"EvalID": "", "EvalCreateIndex": 0, "JobModifyIndex": job["JobModifyIndex"], "Warnings": "",
                         "Index": job["JobModifyIndex"], "LastContact": 0, "KnownLeader": False}
        if path == "/v1/jobs":
            found = [job for name, job in sorted(nomad.jobs.items()) if name.startswith(query.get("prefix", ""))]
            return 200, [dict(job, ParameterizedJob=bool(job.get("ParameterizedJob")),
                              JobSummary=self.summary(job)) for job in found]
        found = re.fullmatch(r"/v1/job/(.+?)(?:/(dispatch|summary|allocations))?", path)
        if not found:
            return 404, "404 page not found"
        name, what = found.groups()
        if what == "dispatch":
            return self.dispatch(method, name, query, body)
        if method == "DELETE":
            return 200, nomad.stop(name, query.get("purge") == "true")
        if what == "allocations":
            return 200, self.allocations(name, query)
        if name not in nomad.jobs:
            return 404, "job not found"
        return 200, self.summary(nomad.jobs[name]) if what == "summary" else nomad.jobs[name]

    def dispatch(self, method, name, query, body):
        if method != "POST":
            return 405, "Invalid method"
        try:
            request = json.loads(body)
        except ValueError:
            return 400, f"invalid character {chr(body[0]) if body else 'E'!r} looking for beginning of value"
        return self.nomad.dispatch(name, request, query.get("idempotency_token"))

    def allocations(self, name, query):
        nomad = self.nomad
        wait = re.fullmatch(r"(\d+)s", query.get("wait", "5s"))
        end = time.monotonic() + (int(wait[1]) if wait else 5)
        with nomad.changed:
            while int(query.get("index", 0)) >= nomad.index and time.monotonic() < end and not nomad.closed:
                nomad.changed.wait(0.05)
            found = [a for a in nomad.allocations if a["JobID"] == name]
            return [{key: value for key, value in a.items() if key != "process"} for a in found]

    def summary(self, job):
        counts = {"Queued": 0, "Complete": 0, "Failed": 0, "Running": 0, "Starting": 0, "Lost": 0}
        states = {"complete": "Complete", "failed": "Failed", "running": "Running", "pending": "Starting"}
        for allocation in self.nomad.allocations:
            if allocation["JobID"] == job["ID"]:
                counts[states[allocation["ClientStatus"]]] += 1
        children = {"Pending": 0, "Running": 0, "Dead": 0}
        for child in self.nomad.children(job["ID"]):
            children[child["Status"].capitalize()] += 1
        return {"JobID": job["ID"], "Namespace": "default", "Children": children, "CreateIndex": job["CreateIndex"],
                "ModifyIndex": self.nomad.index, "Summary": {g["Name"]: counts for g in job.get("TaskGroups") or []}}

    def say(self, status, answer):
        is_text = isinstance(answer, str)
        answer = answer.text if isinstance(answer, Word) else answer
        data = answer.encode() if is_text else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8" if is_text else "application/json")
        self.send_header("X-Nomad-Index", str(self.nomad.index))
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1:1/")
        # Larger answers come in chunks.
        if len(data) > 1024:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            data = b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)
        else:
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True


def main():
    reader = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog="Its address is the first line; it lives until standard input ends.")
    reader.add_argument("--port", type=int, default=0, help="standard: any that is free")
    reader.add_argument("--speed", type=float, default=20, help="times of job files are divided by this")
    reader.add_argument("--old", action="store_true", help="ignores idempotency tokens, as servers before 1.1.3 do")
    words = reader.parse_args()
    with Nomad(port=words.port, idempotent=not words.old, speed=words.speed) as nomad:
        print(nomad.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
