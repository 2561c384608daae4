"""A headless Chromium, driven over its debugging pipe (file descriptors 3 and 4): no port, no other library."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Failure(Exception):
    """What the browser refuses, or a script of ours that throws."""


def executable():
    """Where Chromium is; None if nowhere."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One browser with a profile of its own, gone at the end."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="axidrawd-browser-")
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()
        # The pipe's ends are 3 and 4 in the browser: a shell puts them there, whatever numbers they have here.
        arguments = [
            executable(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe",
            f"--user-data-dir={self.folder.name}", "about:blank",
        ]
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"', "chromium", *arguments],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.call("Browser.getVersion")

    def call(self, method, parameters=None, session=None, seconds=60):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while True:
            answer = self.read(deadline)
            if answer.get("id") == number:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def read(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.answers], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise Failure("the browser does not answer")
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise Failure("the browser has gone")
            self.buffer += part
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def tab(self, address, **size):
        return Tab(self, address, **size)

    def close(self):
        try:
            self.call("Browser.close", seconds=5)
        except (Failure, OSError):
            self.process.kill()
        self.process.wait(20)
        os.close(self.commands)
        os.close(self.answers)
        self.folder.cleanup()


class Tab:
    """One tab; what is asked of it waits, with a generous limit, until it holds."""

    def __init__(self, browser, address, width=1280, height=800, dark=False, touch=False, alone=False):
        self.browser = browser
        # With cookies and workers of its own, as another person's browser.
        context = browser.call("Target.createBrowserContext") if alone else {}
        self.target = browser.call("Target.createTarget", {"url": "about:blank", **context})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        for domain in ["Page", "Runtime", "DOM", "Log"]:
            self.call(f"{domain}.enable")
        self.resize(width, height, touch)
        self.prefer(dark)
        self.open(address)

    def call(self, method, parameters=None):
        return self.browser.call(method, parameters, self.session)

    def resize(self, width, height, touch=False):
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": touch})

    def prefer(self, dark=False, still=False):
        self.call("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}]})

    def open(self, address):
        self.call("Page.navigate", {"url": address})
        self.wait("document.readyState === 'complete'")

    def run(self, script):
        result = self.call("Runtime.evaluate", {
            "expression": script, "awaitPromise": True, "returnByValue": True, "userGesture": True})
        if "exceptionDetails" in result:
            raise Failure(f"{script}: {result['exceptionDetails'].get('exception', {}).get('description')}")
        return result["result"].get("value")

    def wait(self, script, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = self.run(script)
            except Failure:
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise Failure(f"it never came true: {script}; the page says: {self.run('document.body.innerText')[:2000]}")
            time.sleep(0.05)

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def click(self, selector):
        """With the mouse, at its middle, once it stands still and nothing covers it."""
        box = self.wait(f"""(async () => {{ const e = document.querySelector({json.dumps(selector)});
            if (!e || e.disabled || !e.checkVisibility()) return null;
            e.scrollIntoView({{block: 'center'}});
            const place = () => {{ const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; }};
            const before = place();
            await new Promise(done => setTimeout(done, 100));
            const now = place(), hit = document.elementFromPoint(...now);
            return now.join() === before.join() && e.contains(hit) ? now : null; }})()""")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", {
                "type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1})

    keys = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}

    def press(self, key, shift=False):
        for kind in ["keyDown", "keyUp"]:
            event = {"type": kind, "key": key, "code": key if key != " " else "Space", "modifiers": 8 if shift else 0,
                     "windowsVirtualKeyCode": self.keys[key]}
            if kind == "keyDown" and key in ("Enter", " "):
                event["text"] = "\r" if key == "Enter" else " "
            self.call("Input.dispatchKeyEvent", event)

    def type(self, text):
        self.call("Input.insertText", {"text": text})

    def choose(self, selector, paths):
        """Files for a file field, as if they were chosen."""
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", {"nodeId": document, "selector": selector})["nodeId"]
        self.call("DOM.setFileInputFiles", {"files": [str(p) for p in paths], "nodeId": node})

    def drop(self, name, content):
        """A file let go over the page."""
        self.run(f"""(() => {{ const t = new DataTransfer();
            t.items.add(new File([{json.dumps(content)}], {json.dumps(name)}, {{type: 'image/svg+xml'}}));
            document.body.dispatchEvent(new DragEvent('drop', {{bubbles: true, cancelable: true, dataTransfer: t}})); }})()""")

    def complaints(self):
        """Errors of scripts and of what they load, so far."""
        found = []
        while True:
            try:
                self.browser.events.append(self.browser.read(time.monotonic() + 0.05))
            except Failure:
                break
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                details = event["params"]["exceptionDetails"]
                found.append(details.get("exception", {}).get("description") or details["text"])
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                entry = event["params"]["entry"]
                found.append(f"{entry['text']} {entry.get('url', '')}")
        return found

    def picture(self, path, whole=False):
        result = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        with open(path, "wb") as file:
            file.write(base64.b64decode(result["data"]))

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})
