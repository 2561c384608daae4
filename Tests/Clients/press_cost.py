"""What one press costs through Nomad: requests, bytes, CPU, memory. Prints the table of docs/scale.md.

    AXIDRAWD=.build/release/axidrawd .build/venv/bin/python -B Tests/Clients/press_cost.py [PRESSES]
"""

import os
import pathlib
import resource
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

import nomad_double
from nomad_test import AXIDRAWD, Consul, Show, eventually
import nomad_jobs

TICK = os.sysconf("SC_CLK_TCK")


class Counter:
    """Passes connections on and counts them, and the bytes each way."""

    def __init__(self, port):
        self.target, self.connections, self.up, self.down = port, 0, 0, 0
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            link, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self._pass, args=(link,), daemon=True).start()

    def _pass(self, link):
        other = socket.create_connection(("127.0.0.1", self.target))
        ends = {link: other, other: link}
        while ends:
            for ready in select.select(list(ends), [], [])[0]:
                data = ready.recv(65536)
                if not data:
                    link.close()
                    other.close()
                    return
                if ready is link:
                    self.up += len(data)
                else:
                    self.down += len(data)
                ends[ready].sendall(data)

    def __str__(self):
        return f"{self.connections} requests, {self.up} bytes up, {self.down} down"


def cpu(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(pid):
    """kB in memory, and of these what it shares with nobody."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = sum(int(text.split(word)[1].split()[0]) for word in ["Private_Clean:", "Private_Dirty:"])
    return int(text.split("Rss:")[1].split()[0]), own


def main(presses):
    with nomad_double.Nomad() as nomad:
        to_nomad = Counter(nomad.port)

        class Place:
            url = f"http://127.0.0.1:{to_nomad.port}"

        show = Show(Place, paper="sheets", places=100)
        try:
            show.__enter__()
            to_daemon, buttons = Counter(show.port), Counter(show.port)
            with Consul(f"http://127.0.0.1:{to_daemon.port}") as consul:
                to_consul = Counter(consul.port)
                nomad.register(nomad_jobs.driven_by(
                    nomad_jobs.shipped("plot.nomad"), AXIDRAWD, "--products", show.products,
                    environment={"CONSUL_HTTP_ADDR": f"127.0.0.1:{to_consul.port}"}))
                before = cpu(show.process)
                own = show.port
                show.port = buttons.port
                for _ in range(presses):
                    assert show.press()[0] == 200
                show.port = own
                nomad.wait("all wait", lambda: len(nomad.allocations) == presses and all(
                    "waits at" in nomad.log(a) for a in nomad.allocations))
                pressed = cpu(show.process) - before
                waiting = sorted(resident(a["process"].pid) for a in nomad.allocations)
                start, calm = cpu(show.process), [cpu(a["process"]) for a in nomad.allocations]
                time.sleep(10)
                idle = (cpu(show.process) - start) / 10
                tasks_idle = sum(cpu(a["process"]) - b for a, b in zip(nomad.allocations, calm)) / 10 / presses
                start = cpu(show.process)
                drawn = 0
                while drawn < presses:
                    show.ask("POST", "/double/plot1")
                    eventually("drawn", lambda: len(show.done()) > drawn)
                    drawn = len(show.done())
                nomad.wait("complete", lambda: all(a["ClientStatus"] == "complete" for a in nomad.allocations))
                drawing = cpu(show.process) - start
                usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            per = lambda counter: (counter.connections / presses, counter.up / presses, counter.down / presses)
            for name, counter in [("button to daemon", buttons), ("daemon to Nomad", to_nomad),
                                  ("task to Consul", to_consul), ("task to daemon", to_daemon)]:
                print("| %s | %.1f | %.0f | %.0f |" % (name, *per(counter)))
            print(f"daemon, taking a press and its task: {pressed / presses * 1000:.0f} ms of CPU")
            print(f"daemon, drawing it on a virtual board without pauses: {drawing / presses * 1000:.0f} ms of CPU")
            print(f"daemon with {presses} tasks waiting: {idle * 100:.2f} % of a core")
            whole, own = waiting[len(waiting) // 2]
            print(f"a task that waits: {tasks_idle * 100:.3f} % of a core, {whole} kB resident, {own} of them its own")
            print(f"a task in all: {(usage.ru_utime + usage.ru_stime) / presses * 1000:.0f} ms of CPU")
            print("load: " + " ".join(f"{x:.1f}" for x in os.getloadavg()))
        finally:
            show.__exit__()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
