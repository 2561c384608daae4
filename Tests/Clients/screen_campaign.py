"""A preview screen for many simulated hours: what the browser holds must not grow. Then the time of a change on the page.

    python3 screen_campaign.py [HOURS]       # of plotting, 10 if nothing is said
"""

import json
import sys
import time

from browser import Browser
from host import Host

# Strokes of a drawing that is planned anew.
STROKES = 10_000


def held(tab):
    """Bytes of the script's heap after a collection, and how many nodes the document has."""
    tab.call("HeapProfiler.collectGarbage")
    return tab.call("Runtime.getHeapUsage")["usedSize"], tab.call("Memory.getDOMCounters")["nodes"]


def hours(browser, wanted):
    host = Host()
    with host:
        tab = browser.tab(f"http://127.0.0.1:{host.port}/preview/plot1")
        tab.wait("/^Ready/.test(document.querySelector('#title').textContent)")
        tag = host.ask("GET", "/v1/devices/plot1")[1]["ETag"]
        host.ask("PATCH", "/v1/devices/plot1", '{"autoAdvance": true}', {"If-Match": tag, "Content-Type": "application/json"})
        plotted, rows, drawings = 0.0, [], 0
        while plotted < wanted * 3600:
            # Each time another drawing: nothing may be kept of those before.
            made = json.loads(host.ask("POST", "/v1/devices/plot1/sample")[2])
            while True:
                job = json.loads(host.ask("GET", f"/v1/jobs/{made['id']}")[2])
                if job["isFinal"]:
                    break
                time.sleep(0.05)
                # The next pen is put in.
                if job["state"] == "paused":
                    host.ask("POST", f"/v1/jobs/{made['id']}/resume")
            assert job["state"] == "done", job
            drawings += 1
            plotted += job["summary"]["durationSeconds"]
            if drawings % 25 == 0 or plotted >= wanted * 3600:
                size, nodes = held(tab)
                rows.append(size)
                print(f"{plotted / 3600:6.2f} h  {drawings:5} drawings  {size / 1e6:6.2f} MB  {nodes} nodes", flush=True)
        tab.close()
    # From the second look on: the first is before the screen keeps all that it ever keeps.
    grown = rows[-1] - rows[1] if len(rows) > 2 else 0
    print(f"grown by {grown / 1e6:.2f} MB after the second look")
    return grown < 2_000_000


def replanning(browser):
    with Host() as host:
        tab = browser.tab(f"http://127.0.0.1:{host.port}/")
        tab.wait("!!document.querySelector('#options .option')")
        lines = "".join(f"M{x % 100 * 2.8:.1f} {x // 100 * 2 + 1}l2 {x % 7 / 7:.2f}" for x in range(STROKES))
        tab.drop("many.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="290mm" height="210mm" viewBox="0 0 290 210"><path d="{lines}" fill="none" stroke="#000"/></svg>')
        tab.wait("/ready to plot/.test(document.querySelector('#job').innerText) && !document.querySelector('#bed.waiting')")
        for value in ["30", "31", "32"]:
            # From the change to the last figure that it changes.
            took = tab.run(f"""new Promise(done => {{ const e = document.getElementById('option-pen-down-speed'), from = performance.now();
                let last = 0, timer = 0;
                const watch = new MutationObserver(() => {{ last = performance.now() - from; clearTimeout(timer);
                    timer = setTimeout(() => {{ watch.disconnect(); done(last); }}, 4000); }});
                watch.observe(document.querySelector('#facts'), {{subtree: true, childList: true, characterData: true}});
                e.value = '{value}'; e.dispatchEvent(new Event('change')); }})""")
            print(f"{STROKES} strokes, another speed: the figures are there after {took:.0f} ms")
        tab.close()


if __name__ == "__main__":
    browser = Browser()
    try:
        replanning(browser)
        isSteady = hours(browser, float(sys.argv[1]) if len(sys.argv) > 1 else 10)
    finally:
        browser.close()
    sys.exit(0 if isSteady else 1)
