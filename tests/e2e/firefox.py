"""Debian's Firefox by WebDriver BiDi, which it speaks itself, without a driver: pages opened, scripts run in them.

https://www.w3.org/TR/webdriver-bidi/: commands {"id", "method", "params"} over a WebSocket, answers by id.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any, Self

import aiohttp

if TYPE_CHECKING:
    from pathlib import Path

# A camera and a microphone that nobody refuses, sound without a click, ICE on this machine alone.
PREFERENCES = {
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "intl.accept_languages": "zh-CN",
}
START = 60.0  # s; a cold start on a busy machine
COMMAND = 60.0


class Firefox:
    """One browser with a profile of its own. `open` gives tabs."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def __aenter__(self) -> Self:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        self._profile.mkdir(parents=True, exist_ok=True)
        (self._profile / "user.js").write_text("\n".join(lines))
        program = os.environ.get("TONGKE_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "Firefox is not installed: apt-get install firefox-esr, or name it in TONGKE_FIREFOX"
        self._process = await asyncio.create_subprocess_exec(
            program, "--headless", "--no-remote", "--profile", str(self._profile), "--remote-debugging-port", "0",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._client = aiohttp.ClientSession()
        try:
            address = await asyncio.wait_for(self._address(), START)
            self._socket = await self._client.ws_connect(f"{address}/session", max_msg_size=0)
        except BaseException:
            await self._end()
            raise
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._drain())]
        await self.command("session.new", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._socket.close(), 5)
        await self._end()

    async def command(self, method: str, params: dict[str, Any]) -> Any:
        """One command's result. AssertionError with the browser's words when it fails."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(answer, COMMAND)

    async def open(self, address: str) -> Tab:
        """A new tab with that page, loaded; each is a person with cookies of its own."""
        person = await self.command("browser.createUserContext", {})
        made = await self.command("browsingContext.create", {"type": "tab", "userContext": person["userContext"]})
        tab = Tab(self, made["context"])
        await tab.go(address)
        return tab

    async def _address(self) -> str:
        """Where the browser listens, as it says on its standard error."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            found = re.search(rb"WebDriver BiDi listening on (ws://\S+)", line)
            if found:
                return found[1].decode()
        raise AssertionError("Firefox ended at once")

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        while await self._process.stderr.read(65536):
            pass

    async def _listen(self) -> None:
        async for message in self._socket:
            body = json.loads(message.data)
            answer = self._waiting.pop(body.get("id"), None)
            if answer is None or answer.done():
                continue
            if body["type"] == "success":
                answer.set_result(body["result"])
            else:
                answer.set_exception(AssertionError(f"{body.get('error')}: {body.get('message')}"))

    async def _end(self) -> None:
        await self._client.close()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 15)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


class Tab:
    """One page."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser = browser
        self._context = context

    async def go(self, address: str) -> None:
        """Load a page and wait for it."""
        await self._browser.command(
            "browsingContext.navigate", {"context": self._context, "url": address, "wait": "complete"}
        )

    async def look(self) -> None:
        """Bring the page to the front: Firefox gives a camera only to the one that is looked at."""
        await self._browser.command("browsingContext.activate", {"context": self._context})

    async def run(self, function: str, *arguments: object) -> Any:
        """What `function` (JavaScript, may be async) returns for JSON arguments. AssertionError when it throws."""
        call = f"async () => JSON.stringify(await ({function})(...{json.dumps(arguments)}))"
        answer = await self._browser.command(
            "script.callFunction",
            {
                "functionDeclaration": call,
                "awaitPromise": True,
                "target": {"context": self._context},
                "userActivation": True,
            },
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    async def until(self, function: str, *arguments: object, seconds: float = 30) -> Any:
        """Calls until it returns something true; AssertionError after `seconds`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not (found := await self.run(function, *arguments)):
            assert loop.time() < end, f"waited {seconds:.0f} s in vain for {function}; last {found!r}"
            await asyncio.sleep(0.2)  # polling another process; bounded by the deadline
        return found

    async def click(self, test_id: str, *, seconds: float = 30) -> None:
        """Click what has this test id, once it can be."""
        await self.until(
            """id => { const found = document.querySelector(`[data-testid="${id}"]`);
            if (!found || found.disabled) return false; found.click(); return true; }""",
            test_id,
            seconds=seconds,
        )

    async def fill(self, test_id: str, text: str) -> None:
        """Write into the field with this test id, as its page notices it."""
        await self.until(
            """(id, text) => { let field = document.querySelector(`[data-testid="${id}"]`);
            if (field && field.tagName !== 'INPUT') field = field.querySelector('input');
            if (!field) return false;
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
            field.dispatchEvent(new Event('input', {bubbles: true})); return true; }""",
            test_id,
            text,
        )
