"""A preview screen for many simulated hours: what the browser holds must not grow. The time of a change on the page, and
what 100,000 strokes cost there.

    python3 screen_campaign.py [HOURS]       # of plotting, 10 if nothing is said
"""

import json
import sys
import time

from browser import Browser
from host import Host

# Strokes of a drawing that is planned anew.
STROKES = 10_000
# Strokes of a drawing that is only looked at.
MANY = 100_000


def drawing(count):
    """So many strokes of 2 mm."""
    row = round((count / 0.7) ** 0.5)
    lines = "".join(f"M{x % row * 280 / row:.2f} {x // row * 280 / row + 1:.2f}l1.2 {x % 7 / 7:.2f}" for x in range(count))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="290mm" height="210mm" viewBox="0 0 290 210"><path d="{lines}" fill="none" stroke="#000"/></svg>'


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
        tab.drop("many.svg", drawing(STROKES))
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


def many(browser):
    """By the browser's own clock: from opening the page to the picture of a large drawing, and pictures a second while its
    slider is dragged."""
    with Host() as host:
        made = json.loads(host.ask("POST", "/v1/devices/plot1/jobs?hold=true&order=none&name=many", drawing(MANY), {"Content-Type": "image/svg+xml"})[2])
        while not json.loads(host.ask("GET", f"/v1/jobs/{made['id']}")[2])["summary"]:
            time.sleep(0.2)
        # Made once; what the daemon takes for it is no figure of the browser.
        host.ask("GET", f"/v1/jobs/{made['id']}/plan")
        tab = browser.tab(f"http://127.0.0.1:{host.port}/")
        # Not the empty page that was there before.
        tab.wait("!!document.getElementById('time')")
        first = tab.run("""new Promise(done => {
            const look = () => {
                const time = document.getElementById('time');
                if (time && time.max > 1000 && time.parentNode.checkVisibility()) requestAnimationFrame(() => done(performance.now()));
                else requestAnimationFrame(look);
            };
            look(); })""")
        frames = tab.run("""new Promise(done => {
            const e = document.getElementById('time'), from = performance.now();
            let frames = 0;
            const step = () => {
                const passed = performance.now() - from;
                if (passed > 4000) return done(frames / passed * 1000);
                frames += 1;
                // To and fro, as a hand does.
                e.value = e.max * (0.5 + 0.45 * Math.sin(passed / 400));
                e.dispatchEvent(new Event('input'));
                requestAnimationFrame(step);
            };
            requestAnimationFrame(step); })""")
        print(f"{MANY} strokes: the picture is there {first:.0f} ms after the page was opened, {frames:.0f} pictures a second while the slider is dragged")
        tab.close()


if __name__ == "__main__":
    browser = Browser()
    try:
        replanning(browser)
        many(browser)
        isSteady = hours(browser, float(sys.argv[1]) if len(sys.argv) > 1 else 10)
    finally:
        browser.close()
    sys.exit(0 if isSteady else 1)
