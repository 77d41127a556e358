#!/usr/bin/env python3
"""Opens a page in headless Chromium and says, as JSON, what a user would find there.

usage: open_page.py PAGE.html [--screenshots FOLDER [--height PIXELS]]

Needs chromium and chromedriver (Debian: chromium, chromium-driver) and nothing else; no name is resolved, so
that whatever asks for the network fails. Exits with 0 and the JSON on standard output, or with 77 where one of
the two programs is missing.
"""
import argparse
import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CHARTS = """
return [...document.querySelectorAll('figure.chart')].map(figure => {
  const svg = figure.querySelector('svg');
  const box = svg ? svg.getBoundingClientRect() : {width: 0, height: 0};
  return {id: figure.id, width: box.width, height: box.height};
});"""

LISTS = """
return [...document.querySelectorAll('.clips')].map(list => ({
  id: list.id,
  rows: list.querySelectorAll('tbody tr').length,
  shown: [...list.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length > 0)
    .map(row => [...row.cells].map(cell => cell.textContent)),
  filters: [...list.querySelectorAll('select')].map(select => ({
    column: select.dataset.column, values: [...select.options].map(option => option.value)})),
  players: list.querySelectorAll('audio').length,
}));"""

# Sets a filter as a user does, and says what is listed then.
FILTER = """
const [id, column, value] = arguments;
const list = document.getElementById(id);
const select = [...list.querySelectorAll('select')].find(one => one.dataset.column === column);
select.value = value;
select.dispatchEvent(new Event('change'));
return [...list.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length > 0)
  .map(row => [...row.cells].map(cell => cell.textContent));"""

# Clicks a number of the confusion matrix, and says what is listed then.
PICK = """
const button = document.querySelector('details.confusion button');
if (!button) return null;
button.closest('details').open = true;
button.click();
const list = document.getElementById(button.dataset.list);
return {truth: button.dataset.true, predicted: button.dataset.predicted, count: button.textContent,
  rows: [...list.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length > 0)
    .map(row => [...row.cells].map(cell => cell.textContent))};"""

# Loads the sound of a player.
PLAY = """
const [index, done] = arguments;
const audio = document.querySelectorAll('audio')[index];
const tell = () => done({
  src: audio.currentSrc || audio.src,
  duration: Number.isFinite(audio.duration) ? audio.duration : null,
  error: audio.error ? audio.error.message : null});
audio.addEventListener('loadedmetadata', tell);
audio.addEventListener('error', tell);
audio.preload = 'metadata';
audio.load();"""

# How far the page is wider than the window, and what sticks out.
OVERFLOW = """
const root = document.documentElement;
return {page: root.scrollWidth, window: root.clientWidth};"""

# Whatever proxy there is for other addresses.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Browser:
    def __init__(self, chromium, driver):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            self.begin(chromium)
        except BaseException:
            self.end()
            raise

    def begin(self, chromium):
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync",
                     "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                     f"--user-data-dir={self.profile.name}"]
        capabilities = {"browserName": "chrome", "goog:chromeOptions": {"binary": chromium, "args": arguments},
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        deadline = time.monotonic() + 60
        while True:
            try:
                self.call("GET", "/status", timeout=5)
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        # On a machine with much else to do, Chromium may take longer to start than its driver waits.
        for left in (2, 1, 0):
            try:
                session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
                break
            except RuntimeError:
                if left == 0:
                    raise
        self.session = "/session/" + session["sessionId"]

    def call(self, method, path, body=None, timeout=90):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with DIRECTLY.open(request, timeout=timeout) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def command(self, path, body=None):
        return self.call("POST", self.session + path, body)

    def run(self, script, *arguments):
        return self.command("/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script, *arguments):
        return self.command("/execute/async", {"script": script, "args": list(arguments)})

    def devtools(self, name, **parameters):
        return self.command("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def resize(self, width):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def log(self, kind):
        return self.command("/se/log", {"type": kind})

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.end()

    # Whatever became of it, no process stays behind.
    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.profile.cleanup()


def look(browser, page, screenshots, height):
    found = {}
    browser.command("/timeouts", {"script": 30000, "pageLoad": 60000})
    browser.resize(1280)
    browser.log("performance")  # of the empty page
    browser.command("/url", {"url": page.resolve().as_uri()})
    found["title"] = browser.run("return document.title")
    found["charts"] = browser.run(CHARTS)
    found["lists"] = browser.run(LISTS)
    found["filtered"] = []
    for clips in found["lists"]:
        for choice in clips["filters"]:
            for value in choice["values"][:3]:
                rows = browser.run(FILTER, clips["id"], choice["column"], value)
                found["filtered"].append({"list": clips["id"], "column": choice["column"], "value": value, "rows": rows})
            browser.run(FILTER, clips["id"], choice["column"], "")
    found["picked"] = browser.run(PICK)
    players = browser.run("return document.querySelectorAll('audio').length")
    found["players"] = [browser.wait(PLAY, index) for index in range(min(players, 3))]
    found["overflow"] = []
    for width in (1280, 400):
        browser.resize(width)
        found["overflow"].append(browser.run(OVERFLOW))
        if screenshots:
            image = browser.devtools("Page.captureScreenshot", captureBeyondViewport=True, format="png", clip={
                "x": 0, "y": 0, "width": width, "scale": 1,
                "height": min(browser.run("return document.documentElement.scrollHeight"), height)})
            (screenshots / f"{page.stem}-{width}.png").write_bytes(base64.b64decode(image["data"]))
    found["console"] = [entry["message"] for entry in browser.log("browser")]
    requests = []
    for entry in browser.log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            requests.append(message["params"]["request"]["url"].split(",")[0])
    found["requests"] = requests
    return found


def too_late(*_):
    raise TimeoutError("the browser takes more than five minutes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--height", type=int, default=12000, help="of a screenshot, at most")
    arguments = parser.parse_args()
    programs = [shutil.which("chromium"), shutil.which("chromedriver")]
    if None in programs:
        print("open_page.py: chromium or chromedriver is missing", file=sys.stderr)
        return 77
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(300)
    browser = Browser(*programs)
    try:
        json.dump(look(browser, arguments.page, arguments.screenshots, arguments.height), sys.stdout, indent=1)
    finally:
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
