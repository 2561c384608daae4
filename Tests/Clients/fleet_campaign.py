"""A fleet under random faults: plotters in daemons of their own, presses through the double of Nomad, everything killed and cut.

Every press that was accepted must become exactly one drawing, and products must come in the order of their cycle.

    AXIDRAWD=.build/debug/axidrawd .build/venv/bin/python -B Tests/Clients/fleet_campaign.py --seed 1 --plotters 3 --presses 60
"""

import argparse
import collections
import http.client
import json
import random
import signal
import time

import nomad_double
import nomad_jobs
from host import Host
from proxy import free_ports
from nomad_test import AXIDRAWD, PRODUCTS, Show, eventually


class Plotter(Show):
    """One plotter with its daemon, which may be killed and started again at the same place."""

    def __init__(self, nomad, number):
        self.name = f"plot-{number}"
        super().__init__(nomad, job={"plot1": self.name}, places=100)
        (port,) = free_ports(1)
        self.flags += ["--listen", f"127.0.0.1:{port}"]
        self.flags.remove("127.0.0.1:0")
        self.flags.remove("--listen")
        self.accepted, self.unsure = 0, 0
        self.__enter__()
        job = nomad_jobs.driven_by(
            nomad_jobs.shipped("plot.nomad"), AXIDRAWD, "--products", self.products,
            environment={"AXIDRAWD_URL": f"http://127.0.0.1:{port}"})
        job["ID"] = job["Name"] = self.name
        job["ParameterizedJob"]["MetaRequired"] = []
        nomad.register(job)

    def restart(self):
        self.end(signal.SIGKILL)
        self.lines.clear()
        self.__enter__()

    def try_to_press(self):
        try:
            status, text = self.press()
        except (OSError, http.client.HTTPException):
            self.unsure += 1
            return
        assert status == 200, text
        self.accepted += 1

    def settle(self):
        """Goes on with what a killed daemon has left, as a person would, until nothing waits."""
        def is_settled():
            for job in self.jobs():
                if job["state"] == "interrupted":
                    self.ask("POST", f"/v1/jobs/{job['id']}/resume?homed=true")
            return not self.line() and all(job["state"] in ["done", "cancelled", "failed"] for job in self.jobs())

        try:
            eventually("settled", is_settled)
        except AssertionError as error:
            states = [(job["state"], job["source"]) for job in self.jobs()]
            told = "".join(self.lines[-20:])
            state = self.ask("GET", "/state/plot1")[2]
            raise AssertionError(f"{self.name} does not settle: {state} {self.line()} {states}\n{told}") from error

    def check(self):
        """What is wrong, and how many were drawn."""
        found = json.loads(self.ask("GET", "/v1/history?limit=200")[2])["items"]
        shown = [job for job in found if job["source"].startswith("installation/")]
        drawn = collections.Counter(job["source"] for job in shown if job["state"] == "done")
        faults = [f"{source} was drawn {count} times" for source, count in drawn.items() if count != 1]
        faults += [f"{job['source']} {job['state']}: {job.get('reason')}" for job in shown
                   if job["source"] not in drawn]
        if not self.accepted <= len(drawn) <= self.accepted + self.unsure:
            faults.append(f"{len(drawn)} drawings of {self.accepted} presses and {self.unsure} without an answer")
        faults += [f"{job['source']} was drawn for nobody" for job in shown if job["name"] == "drawing of a client"]
        done = [job["name"].split() for job in shown if job["name"].split()[-1].isdigit() and job["state"] == "done"]
        order = [product for product, _ in sorted(done, key=lambda words: int(words[1]))]
        cycle = PRODUCTS["cycle"]
        if order != [cycle[place % len(cycle)] for place in range(len(order))]:
            faults.append(f"out of the cycle: {order}")
        return [f"{self.name}: {fault}" for fault in faults], len(drawn)


def campaign(seed, plotters, presses):
    """Faults, and what happened in how many cases."""
    choice = random.Random(seed)
    events = collections.Counter()
    with nomad_double.Nomad(idempotent=seed % 2 == 0, speed=200) as nomad:
        fleet = [Plotter(nomad, number) for number in range(plotters)]
        try:
            while sum(plotter.accepted + plotter.unsure for plotter in fleet) < presses:
                time.sleep(choice.uniform(0, 0.05))
                plotter = choice.choice(fleet)
                dice = choice.random()
                if dice < 0.7:
                    plotter.try_to_press()
                elif dice < 0.82:
                    running = [a for a in list(nomad.allocations) if a["process"] and a["process"].poll() is None]
                    if running:
                        nomad.kill(choice.choice(running), signal.SIGKILL)
                        events["tasks killed"] += 1
                elif dice < 0.9:
                    nomad.answer_with(choice.choice(["drop", "silence", (500, "No cluster leader"), (302, ""), (502, "x")]))
                    events["answers spoilt"] += 1
                elif dice < 0.95:
                    if nomad.server:
                        nomad.die()
                        events["Nomad dead"] += 1
                    else:
                        nomad.listen()
                else:
                    plotter.restart()
                    events["daemons killed"] += 1
            if not nomad.server:
                nomad.listen()
            faults = []
            for plotter in fleet:
                plotter.settle()
                wrong, drawn = plotter.check()
                faults += wrong
                events["drawn"] += drawn
                events["pressed"] += plotter.accepted
                events["pressed, unanswered"] += plotter.unsure
            events["tasks"] = len(nomad.allocations)
            return faults, events
        finally:
            for plotter in fleet:
                plotter.__exit__()


def main():
    reader = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--seeds", type=int, default=1, help="so many, from the first on")
    reader.add_argument("--plotters", type=int, default=2)
    reader.add_argument("--presses", type=int, default=30)
    words = reader.parse_args()
    failed = 0
    for seed in range(words.seed, words.seed + words.seeds):
        faults, events = campaign(seed, words.plotters, words.presses)
        failed += bool(faults)
        print(f"seed {seed}: " + ", ".join(f"{count} {what}" for what, count in sorted(events.items())), flush=True)
        for fault in faults:
            print(f"  {fault}", flush=True)
    print(f"{words.seeds} runs, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
