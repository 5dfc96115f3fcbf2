"""A real browser without a window, told by the protocol of its developer tools over two pipes."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Browser:
    """One page; what it asked for and complained of."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._received = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []

    def open(self, path: Path, *, scheme: str = "light", media: str = "screen") -> None:
        """Loads a file in a page of its own, and waits until it is there."""
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        size = {"width": 1000, "height": 1200, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", media=media, features=[feature])
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not self.named("Page.loadEventFired"):
            self._receive()
        self.value("1")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer; events that come meanwhile are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def value(self, expression: str) -> Any:
        """What JavaScript makes of it."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def named(self, method: str) -> list[dict[str, Any]]:
        """The events of that name since the page was opened."""
        return [event["params"] for event in self.events if event["method"] == method]

    def complaints(self) -> list[dict[str, Any]]:
        """Errors on the console, of scripts, of the policy."""
        return [
            *self.named("Runtime.exceptionThrown"),
            *self.named("Runtime.consoleAPICalled"),
            *self.named("Log.entryAdded"),
        ]

    def requests(self) -> list[str]:
        """Everything it asked for."""
        return [event["request"]["url"] for event in self.named("Network.requestWillBeSent")]

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            piece = os.read(self._from, 1 << 16)
            assert piece, "the browser has gone"
            self._received += piece
        line, _, self._received = self._received.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self.events.append(message)
        return message


def find_browser() -> str:
    """Its path, or the test is skipped."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium at hand")
    return found


@contextlib.contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """One that runs while the block does."""
    program = find_browser()
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # It reads descriptor 3 and writes to 4.
    command = (
        f"exec {program} --headless=new --no-sandbox --disable-gpu --no-first-run "
        f"--disable-background-networking --remote-debugging-pipe --user-data-dir='{profile}' "
        f"3<&{theirs_in} 4>&{theirs_out}"
    )
    process = subprocess.Popen(
        ["bash", "-c", command],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        os.close(ours_out)
        os.close(ours_in)
        process.terminate()
        process.wait(timeout=30)
