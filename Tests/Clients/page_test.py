"""The page in a real browser: a first visit to the end of a plot, seven tabs and Stop, keys alone, a viewer, 320 pixels."""

import importlib.util
import json
import os
import pathlib
import signal
import unittest

from board import Board
from browser import Browser, executable
from consul_test import Double
from host import SQUARE, Host

# Half a minute of lines in two layers, the second of which leaves the page.
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" width="180mm" '
    'height="120mm" viewBox="0 0 180 120" fill="none"><g i:groupmode="layer" i:label="1 black" stroke="#000">'
    + "".join(f'<path d="M10 {10 + 6 * k}h150"/>' for k in range(12))
    + '</g><g i:groupmode="layer" i:label="2 red" stroke="#d22"><path d="M10 100h200"/></g></svg>'
)


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not executable():
            raise AssertionError("there is no chromium; ./test --ci installs it")
        package = importlib.util.find_spec("axe_playwright_python")
        if not package:
            raise AssertionError("there is no axe-core; ./test --ci installs it")
        cls.axe = pathlib.Path(package.submodule_search_locations[0], "axe.min.js").read_text()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def host(self, speed="max", *flags, **more):
        host = Host(*flags, **more)
        host.flags[host.flags.index("max")] = speed
        self.enterContext(host)
        self.address = f"http://127.0.0.1:{host.port}/"
        return host

    def tab(self, path="", **size):
        tab = self.browser.tab(self.address + path, **size)
        self.addCleanup(tab.close)
        return tab

    def ready(self, tab):
        tab.wait("document.querySelector('#options .option') && /^Ready/.test(document.querySelector('#state').textContent)")

    def picture(self, tab, name):
        """For people to look at, where a folder is named."""
        if folder := os.environ.get("ARTEFACTS"):
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            tab.picture(f"{folder}/{name}.png")

    def check(self, tab, name):
        """Whatever axe-core finds wrong in this state, in light and dark; with pictures."""
        for dark in [False, True]:
            tab.prefer(dark)
            self.picture(tab, name + ("-dark" if dark else ""))
            if not tab.run("!!window.axe"):
                tab.run(self.axe + ";0")
            # Dark differs in its colours only.
            only = {"type": "rule", "values": ["color-contrast"]} if dark else {"type": "tag", "values": [
                "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
            found = tab.run(f"""axe.run(document, {{runOnly: {json.dumps(only)}, resultTypes: ['violations']}}).then(r => r.violations.map(v =>
                v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))""")
            self.assertEqual(found, [], f"{name}{', dark' if dark else ''}")
        tab.prefer(False)

    def is_quiet(self, tab):
        # What is asked for before anything is drawn is not there, and that is all.
        self.assertEqual([c for c in tab.complaints() if "/ink?from" not in c], [])

    def test_first_visit_to_the_end(self):
        self.host("6")
        tab = self.tab()
        self.ready(tab)
        tab.wait("document.querySelector('#empty').checkVisibility()")
        self.check(tab, "empty")
        tab.drop("lines.svg", "<svg><path d='M0 0'")
        tab.wait("/line 1/i.test(document.querySelector('#error').innerText)")
        tab.drop("lines.svg", DRAWING)
        tab.wait("/ready to plot/.test(document.querySelector('#job').innerText)")
        # What is cut is told before Start.
        self.assertIn("lost beyond the right side", tab.text("#notes"))
        before = tab.text("#facts")
        self.check(tab, "planned")
        # Every option of the table has its field, and a wrong figure is told where it was typed.
        names = tab.run("fetch('v1/options').then(r => r.json()).then(t => t.groups.flatMap(g => g.options.map(o => o.name)))")
        missing = tab.run(f"{names}.filter(n => !document.getElementById('option-' + n))")
        self.assertEqual((missing, len(names) > 40), ([], True))
        for text in ["abc", "30"]:
            tab.run(f"(() => {{ const e = document.getElementById('option-pen-down-speed'); e.value = '{text}';"
                    " e.dispatchEvent(new Event('change')); })()")
            if text == "abc":
                self.assertIn("0.1 to 400", tab.text("#option-pen-down-speed-wrong"))
        tab.wait("document.querySelector('#facts .more')?.textContent.startsWith('+')")
        self.assertNotEqual(tab.text("#facts"), before)
        # A layer left out, and put back.
        tab.click("#layers li:nth-child(2) input")
        tab.wait("/left out/.test(document.querySelector('#layers').innerText) && !document.querySelector('#notes .loss')")
        tab.click("#layers li:nth-child(2) input")
        tab.wait("!/left out/.test(document.querySelector('#layers').innerText)")
        for what in ["#see-order", "#see-travel"]:
            tab.click(what)
        self.check(tab, "order")
        tab.wait("!document.querySelector('#go').disabled")
        tab.click("#go")
        tab.wait("/^Plotting/.test(document.querySelector('#state').textContent) && /left/.test(document.querySelector('#progress').textContent)")
        tab.click("#pause")
        tab.wait("/^Paused/.test(document.querySelector('#state').textContent)")
        self.check(tab, "paused")
        tab.wait("document.querySelector('#go').textContent === 'Go on' && !document.querySelector('#go').disabled")
        tab.click("#go")
        # One pen after the other; the change is asked for.
        tab.wait("/pen 2/.test(document.querySelector('#state').textContent)")
        tab.click("#go")
        tab.wait("/finished/.test(document.querySelector('#job-word').textContent)")
        self.check(tab, "finished")
        ink = tab.run("fetch('v1/devices/plot1/ink').then(r => r.json()).then(i => i.points.filter((v, k) => k % 3 === 2 && v).length)")
        self.assertGreater(ink, 12)
        # What the board drew is where the plan is: dark on the canvas, in the middle of the first line.
        dark = tab.run("""(() => { const c = document.querySelector('#picture'), k = c.width / 300,
            d = c.getContext('2d').getImageData(85 * k - 3, 10 * k - 3, 7, 7).data; let n = 0;
            for (let i = 0; i < d.length; i += 4) if (d[i] + d[i + 1] + d[i + 2] < 300) n++; return n; })()""")
        self.assertGreater(dark, 3)
        tab.click("#tab-history")
        tab.wait("/Drawn/.test(document.querySelector('#history').innerText)")
        self.check(tab, "history")
        tab.run("document.querySelector('#history button:nth-child(2)').click()")
        tab.wait("document.querySelector('#queue-count').textContent === '1'")
        tab.click("#tab-queue")
        self.check(tab, "queue")

    def test_board_behind_a_port(self):
        """Pulled out and put back, reset in mid-plot: the page tells what to do, and the drawing is finished."""
        board = self.enterContext(Board("--speed", "4", "--name", "East", control=True))
        host = Host()
        host.flags = ["serve", "--device", str(board.link), "--config", str(host.config), "--listen", "127.0.0.1:0"]
        self.enterContext(host)
        self.address = f"http://127.0.0.1:{host.port}/"
        tab = self.tab()
        self.ready(tab)
        self.assertEqual(tab.text("h1"), "plot1 axidrawd")
        self.assertEqual(tab.run("document.querySelectorAll('aside.banner').length"), 0)
        tab.drop("lines.svg", DRAWING)
        tab.click("#go")
        done = "parseFloat(document.querySelector('#progress').textContent)"
        state = "document.querySelector('#state').textContent"
        tab.wait(f"{done} > 10")
        # Live on a real board, too: ink as it is acknowledged.
        tab.wait("fetch('v1/devices/plot1/ink').then(r => r.json()).then(i => i.count > 4)")
        board.control.write_text("now unplug 1s keep\n")
        tab.wait("/link to the board is lost/.test(document.querySelector('#state').textContent)")
        tab.wait(f"/^Plotting/.test({state})")
        board.control.write_text("now unplug 1s reset\n")
        tab.wait(f"/^Paused: nobody knows where the pen is/.test({state})")
        # What the board said stands below, for those who look for the cause.
        self.assertIn("has been reset", tab.text("#notes"))
        self.check(tab, "position-lost")
        self.assertLessEqual(tab.run("document.documentElement.scrollWidth"), 1280)
        self.assertTrue(tab.run("document.querySelector('#go').disabled || !document.querySelector('#homed-box').hidden"))
        tab.click("#homed")
        tab.click("#go")
        tab.wait(f"/^Plotting/.test({state}) && {done} > 10")
        tab.wait(f"/pen 2/.test({state})")
        tab.click("#go")
        tab.wait("/finished/.test(document.querySelector('#job-word').textContent)")
        board.end()
        # Nobody has pushed the virtual carriage home, so where the rest lies is not asked.
        self.assertGreater(board.summary["penDownMillimetres"], 12 * 150)
        tab.wait(f"/No board is connected/.test({state})")
        self.check(tab, "no-board")

    def test_two_people(self):
        host = self.host("1")
        one, two = self.tab(alone=True), self.tab(alone=True)
        for tab in [one, two]:
            self.ready(tab)
        one.drop("lines.svg", DRAWING)
        for tab in [one, two]:
            tab.wait("!document.querySelector('#go').disabled")
        # Both press at once; one of them is first, and it is drawn once.
        for tab in [one, two]:
            tab.run("document.querySelector('#go').click()")
        for tab in [one, two]:
            tab.wait("/^Plotting/.test(document.querySelector('#state').textContent)")
        two.click("#pause")
        one.wait("/^Paused/.test(document.querySelector('#state').textContent) && !document.querySelector('#go').disabled")
        one.click("#go")
        two.wait("/^Plotting/.test(document.querySelector('#state').textContent)")
        # Each chooses another margin for the next drawing: the later one stands, and both see it.
        for tab, margin in [(one, "5"), (two, "7")]:
            tab.run(f"(() => {{ const e = document.getElementById('option-margin'); e.value = '{margin}'; e.dispatchEvent(new Event('change')); }})()")
            for other in [one, two]:
                other.wait(f"document.getElementById('option-margin').value === '{margin}'")
        two.click("#stop")
        for tab in [one, two]:
            tab.wait("/^Stopped/.test(document.querySelector('#state').textContent)")
        self.assertEqual(len(json.loads(host.ask("GET", "/v1/jobs")[2])["items"]), 1)

    def test_killed_in_mid_plot(self):
        host = self.host("6")
        # It comes back at the same address.
        host.flags[host.flags.index("127.0.0.1:0")] = f"127.0.0.1:{host.port}"
        tab = self.tab()
        self.ready(tab)
        tab.drop("lines.svg", DRAWING)
        tab.click("#go")
        percent = "parseFloat(document.querySelector('#progress').textContent)"
        tab.wait(f"{percent} > 25")
        host.end(signal.SIGKILL)
        tab.wait("/^No contact/.test(document.querySelector('#gone').textContent)")
        host.lines.clear()
        host.launch()
        tab.wait("!document.querySelector('#gone').textContent && /was cut off/.test(document.querySelector('#state').textContent)")
        tab.click("#homed")
        tab.click("#go")
        # It counts on from where it was.
        tab.wait(f"/^Plotting/.test(document.querySelector('#state').textContent) && {percent} > 20")
        self.check(tab, "resumed")
        tab.click("#stop")
        tab.wait("/^Stopped/.test(document.querySelector('#state').textContent)")

    def test_seven_tabs_and_stop(self):
        host = self.host("1")
        tabs = [self.tab() for _ in range(7)]
        for tab in tabs:
            self.ready(tab)
        host.ask("POST", "/v1/devices/plot1/jobs?name=lines", DRAWING, {"Content-Type": "image/svg+xml"})
        for tab in tabs:
            tab.wait("/^Plotting/.test(document.querySelector('#state').textContent)")
        tabs[6].click("#stop")
        for tab in tabs:
            tab.wait("/^Stopped by a person/.test(document.querySelector('#state').textContent)")
        self.is_quiet(tabs[6])

    def test_keys_alone(self):
        host = self.host("3")
        drawing = pathlib.Path(host.folder.name, "square.svg")
        drawing.write_text(SQUARE)
        tab = self.tab()
        self.ready(tab)
        self.assertEqual(self.reach(tab, "stop"), 1, "Stop comes first")
        self.reach(tab, "sample")
        tab.press("Enter")
        tab.wait("/^Plotting/.test(document.querySelector('#state').textContent)")
        self.reach(tab, "pause", shift=True)
        tab.press(" ")
        tab.wait("/^Paused/.test(document.querySelector('#state').textContent)")
        tab.wait("!document.querySelector('#go').disabled")
        self.reach(tab, "tab-drawing")
        tab.press("ArrowRight")
        self.assertEqual(tab.run("document.activeElement.id"), "tab-queue")
        self.reach(tab, "go")
        tab.press("Enter")
        tab.wait("/^Plotting/.test(document.querySelector('#state').textContent)")
        # Whoever is at Stop stays there, whatever happens.
        self.reach(tab, "stop", shift=True)
        tab.press("Enter")
        tab.wait("/^Stopped/.test(document.querySelector('#state').textContent)")
        self.assertEqual(tab.run("document.activeElement.id"), "stop")
        self.check(tab, "stopped")
        # The same by keys to the end: the line is opened, a file's place is reached, options are typed, all is drawn.
        self.reach(tab, "tab-queue")
        tab.press("ArrowLeft")
        self.assertEqual(tab.run("document.activeElement.id"), "tab-drawing")
        self.reach(tab, "reopen")
        tab.press("Enter")
        tab.wait("/^Ready/.test(document.querySelector('#state').textContent)")
        self.reach(tab, "file")
        tab.choose("#file", [drawing])
        tab.wait("/ready to plot/.test(document.querySelector('#job').innerText)")
        self.reach(tab, "option-pen-down-speed")
        tab.type("90")
        tab.press("Tab")
        tab.wait("document.querySelector('#facts .less')?.textContent.startsWith('−')")
        self.reach(tab, "go")
        tab.press("Enter")
        tab.wait("/finished/.test(document.querySelector('#job-word').textContent)")
        # Nothing that was pressed has taken the focus away from where it was, or to nowhere.
        self.assertNotEqual(tab.run("document.activeElement.tagName"), "BODY")

    def test_pages_for_what_is_not_there(self):
        self.host()
        for path in ["?device=nobody", "preview/nobody", "preview?plotter=nobody"]:
            tab = self.tab(path)
            self.assertIn("There is no plotter nobody", tab.text("main"), path)
            self.assertEqual(tab.run("document.querySelectorAll('main a').length"), 1)
        self.check(tab, "none")
        self.check(self.tab("installation"), "installation")
        tab.click("main a")
        tab.wait("/^Press the button|^Ready/.test(document.querySelector('#title')?.textContent)")

    def reach(self, tab, name, shift=False):
        """Steps with the tabulator to an element; how many it took. Focus is always to be seen."""
        for count in range(1, 120):
            tab.press("Tab", shift)
            if tab.run("document.activeElement.id") == name:
                self.assertTrue(tab.run("document.activeElement.checkVisibility() && document.activeElement.matches(':focus-visible')"))
                return count
        self.fail(f"{name} is not reached")

    def test_viewer(self):
        host = self.host(configuration={"access": "keys"})
        key = host.run("keys", "add", "hall", "--role", "viewer", "--simulated").split()[-1]
        tab = self.tab("login")
        # A running daemon knows a new key within two seconds.
        tab.wait(f"fetch('v1/devices', {{headers: {{Authorization: 'Bearer {key}'}}}}).then(r => r.ok)")
        tab.click("#key")
        tab.type(key)
        tab.press("Enter")
        tab.wait("document.querySelector('#state')?.textContent.startsWith('Ready')")
        self.assertEqual(tab.run("['stop', 'pause', 'go', 'file', 'up', 'options', 'change'].filter(i => document.getElementById(i))"), [])
        # The script is at work, and has heard of the plotter.
        tab.wait("document.querySelector('#picture')?.getAttribute('aria-label') === 'The empty bed'")
        self.check(tab, "viewer")

    def test_screen_without_key(self):
        host = self.host(configuration={"access": "keys"})
        key = host.run("keys", "add", "hand", "--role", "operator", "--simulated").split()[-1]
        screen = self.tab("preview/plot1", alone=True)
        shown = "document.querySelector('#code')?.textContent"
        code = screen.wait(f"/^\\S{{4}} \\S{{4}}$/.test({shown}) && {shown}")
        self.check(screen, "screen-code")
        tab = self.tab("login", alone=True)
        tab.wait(f"fetch('v1/devices', {{headers: {{Authorization: 'Bearer {key}'}}}}).then(r => r.ok)")
        tab.click("#key")
        tab.type(key)
        tab.press("Enter")
        self.ready(tab)
        tab.click("#tab-machine")
        for typed, told in [("ZZZZ ZZZZ", "No screen shows this code"), (code.lower(), None)]:
            tab.run("document.querySelector('#code').value = ''")
            tab.click("#code")
            tab.type(typed)
            tab.press("Enter")
            if told:
                tab.wait(f"document.querySelector('#error').innerText.includes('{told}')")
        tab.wait("/^It is let in/.test(document.querySelector('#let-in').textContent)")
        self.check(tab, "machine")
        screen.wait("/^Ready/.test(document.querySelector('#title')?.textContent)")
        self.assertEqual(screen.run("location.pathname"), "/preview/plot1")
        # Whoever takes its key away gets it back to a code, not to "no contact" for ever.
        name = next(line.split()[0] for line in host.run("keys", "list", "--simulated").splitlines() if line.startswith("screen-"))
        host.run("keys", "revoke", name, "--simulated")
        again = screen.wait(f"/^\\S{{4}} \\S{{4}}$/.test({shown}) && {shown}")
        self.assertNotEqual(again, code)

    def test_screen_beside_the_plotter(self):
        host = self.host("1")
        host.flags[host.flags.index("127.0.0.1:0")] = f"127.0.0.1:{host.port}"
        screen = self.tab("preview/plot1")
        title = "document.querySelector('#title').textContent"
        screen.wait(f"/^Ready/.test({title})")
        for name in ["one", "two"]:
            host.ask("POST", f"/v1/devices/plot1/jobs?name={name}", DRAWING, {"Content-Type": "image/svg+xml"})
        screen.wait(f"/^Drawing 1 of 2 · ready about/.test({title})")
        self.assertEqual(screen.text("#dots"), "● 1 waiting")
        # The ink, strong upon the pale plan, where the first line is: the sheet of 180 × 120 mm fills the screen.
        dark = """(() => { const c = document.querySelector('#screen'), k = Math.min(c.width / 180, c.height / 120) / 1.06,
            x = (c.width - 180 * k) / 2 + 30 * k, y = (c.height - 120 * k) / 2 + 10 * k;
            const d = c.getContext('2d').getImageData(x - 3, y - 3, 7, 7).data; let n = 0;
            for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200 && d[i] + d[i + 1] + d[i + 2] < 200) n++; return n; })()"""
        screen.wait(f"{dark} > 3")
        self.picture(screen, "screen")
        # A whole line is on the sheet.
        jobs = "fetch('../v1/devices/plot1/jobs').then(r => r.json())"
        screen.wait(f"{jobs}.then(j => j.items.some(i => i.progress.strokes > 0))")
        host.end(signal.SIGKILL)
        screen.wait("/^No contact/.test(document.querySelector('#gone').textContent)")
        host.lines.clear()
        host.launch()
        screen.wait(f"!document.querySelector('#gone').textContent && /cut off/.test({title})")
        # What lay on the sheet before is seen again.
        screen.wait(f"{dark} > 3")
        self.check(screen, "screen-cut")

    def test_screen_between_plots(self):
        """The next drawing turns in space; where people want less motion it stands; a press becomes a drawing."""
        host = self.host("2", "--installation")
        screen = self.tab("preview/plot1")
        screen.wait("!document.querySelector('#space').hidden")
        seen = "document.querySelector('#space').toDataURL()"
        screen.run(f"window.before = {seen}")
        screen.wait(f"{seen} !== window.before")
        screen.prefer(still=True)
        screen.wait(f"(async () => {{ const a = {seen}; await new Promise(r => setTimeout(r, 300)); return {seen} === a; }})()")
        title = "document.querySelector('#title').textContent"
        screen.wait(f"/^Press the button/.test({title})")
        self.check(screen, "screen-space")
        host.ask("POST", "/single/plot1")
        screen.wait(f"/ready about/.test({title})")
        # Its sheet has the place of the design.
        screen.wait("document.querySelector('#space').hidden && !document.querySelector('#bed').hidden")

    def test_screen_of_a_plotter_elsewhere(self):
        """What is published of a plotter that another daemon drives: its state, and its design turning in space."""
        double = Double()
        self.addCleanup(double.end)
        put = double.client.kv.put
        put("axidraw_plot9_state", "idle")
        settings = {"cluster": {"consul": {"url": double.url}}}
        host = Host("--installation", "--role", "preview", configuration=settings)
        for flag in ["--simulate", "--speed", "max"]:
            host.flags.remove(flag)
        self.enterContext(host)
        self.address = f"http://127.0.0.1:{host.port}/"
        product = json.loads(host.ask("GET", "/v1/installation")[2])["products"][0]["name"]
        screen = self.tab("preview/plot9")
        title = "document.querySelector('#title')?.textContent"
        screen.wait(f"/plot9 is idle/.test({title})")
        put("axidraw_plot9_current", json.dumps({"product": product, "ts": 1566027573542}))
        screen.wait("document.querySelector('#space')?.hidden === false")
        self.assertIn(product, screen.run(title))
        seen = "document.querySelector('#space').toDataURL()"
        screen.run(f"window.before = {seen}")
        screen.wait(f"{seen} !== window.before")
        screen.prefer(still=True)
        screen.wait(f"(async () => {{ const a = {seen}; await new Promise(r => setTimeout(r, 300)); return {seen} === a; }})()")
        self.check(screen, "screen-elsewhere")
        # It follows what is published by itself.
        put("axidraw_plot9_state", "plotting")
        screen.wait(f"/plot9 is plotting: {product}/.test({title})")

    def test_narrow(self):
        self.host()
        tab = self.tab(width=320, height=640)
        self.ready(tab)
        tab.drop("lines.svg", DRAWING)
        tab.wait("/ready to plot/.test(document.querySelector('#job').innerText)")
        for name in ["drawing", "queue", "machine", "history"]:
            tab.click(f"#tab-{name}")
            self.assertLessEqual(tab.run("document.documentElement.scrollWidth"), 320, name)
            self.check(tab, f"narrow-{name}")
        small = tab.run("""[...document.querySelectorAll('button, input:not([type=range]), select, summary')].filter(e => e.checkVisibility())
            .map(e => [e.id || e.textContent, e.closest('label') || e]).filter(([, e]) => { const b = e.getBoundingClientRect();
            return b.width < 24 || b.height < 24; }).map(([n]) => n)""")
        self.assertEqual(small, [])
        # Start, Pause and Stop stay at hand.
        for name in ["go2", "pause", "stop"]:
            self.assertTrue(tab.run(f"document.getElementById('{name}').getBoundingClientRect().bottom <= innerHeight"), name)
        self.is_quiet(tab)


if __name__ == "__main__":
    unittest.main()
