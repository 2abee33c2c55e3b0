"""One child process: started, watched, started again with growing pauses, ended in order."""

from __future__ import annotations

import asyncio
import logging
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.cluster.children import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

log = logging.getLogger("tongke.supervisor")

# The first deaths in a row are answered at once, then pauses double from half a second to five.
AT_ONCE = 3
PAUSE_FIRST, PAUSE_MAX = 0.5, 5.0
# Whoever lived this long (s) starts with a clean record: what cannot run dies at its start, within a second or two.
FORGIVEN_AFTER = 8.0
# sysexits.h EX_CONFIG: the child refuses its settings; starting it again would not help.
REFUSED = 78


@dataclass
class RestartPolicy:
    """How long to wait before the next start. Sans-IO: times come in."""

    deaths: int = 0
    started_at: float = field(default=0.0)

    def started(self, now: float) -> None:
        """The process was started at `now` (s, any steady clock)."""
        self.started_at = now

    def died(self, now: float) -> float:
        """Seconds to wait before starting it again."""
        if now - self.started_at >= FORGIVEN_AFTER:
            self.deaths = 0
        self.deaths += 1
        late = self.deaths - AT_ONCE
        return 0.0 if late <= 0 else min(PAUSE_FIRST * 2.0 ** (late - 1), PAUSE_MAX)


class Refused(Exception):
    """A child that cannot run here: it ended with EX_CONFIG (and has said why), or never became ready once."""


class Child:
    """A named child of the supervisor. `ready`, when given, is awaited after each start before `run` goes on."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environ: dict[str, str],
        run_dir: Path,
        *,
        prepare: Callable[[], None] | None = None,
        ready: Callable[[], Awaitable[None]] | None = None,
        words: Callable[[], str] | None = None,
    ) -> None:
        self.name = name
        self.up = asyncio.Event()
        self._command = command
        self._environ = environ
        self._pid_file = run_dir / f"{name}.pid"
        self._prepare = prepare
        self._ready = ready
        self._words = words
        self._been_up = False
        self._policy = RestartPolicy()
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Pid of the running process."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Keep it running until `stop`. Raises Refused."""
        loop = asyncio.get_running_loop()
        while not self._stopping:
            await self._start()
            self._policy.started(loop.time())
            code = await self._live()
            self.up.clear()
            self._pid_file.unlink(missing_ok=True)
            if self._stopping:
                return
            if code == REFUSED or (self._ready is not None and not self._been_up):
                words = "" if self._words is None else f" {self._words()}"
                raise Refused(f"{self.name} 拒绝启动，原因见上 / refused to start, see above.{words}")
            pause = self._policy.died(loop.time())
            log.warning(
                "%s ended (%s), starting it again%s", self.name, _how(code), f" in {pause:g} s" if pause else ""
            )
            await asyncio.sleep(pause)

    async def _live(self) -> int:
        """From start to end of the process; `up` is set once it is ready. Answers its exit code."""
        assert self._process is not None
        ended = asyncio.create_task(self._process.wait())
        ready = None if self._ready is None else asyncio.ensure_future(self._ready())
        try:
            if ready is not None:
                await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            if ready is None or ready.done():
                self._been_up = True
                self.up.set()
            return await ended
        finally:
            ended.cancel()
            if ready is not None:
                ready.cancel()

    def retire(self) -> None:
        """From now on it is not started again."""
        self._stopping = True

    async def stop(self, seconds: float) -> None:
        """SIGTERM, and SIGKILL when it takes longer than `seconds`."""
        self.retire()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            log.warning("%s did not end within %g s and is killed", self.name, seconds)
            process.kill()
            await process.wait()
        self._pid_file.unlink(missing_ok=True)

    def restart(self) -> None:
        """End it; `run` starts it again."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()

    async def _start(self) -> None:
        if self._prepare is not None:
            self._prepare()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=2,  # everything a child says goes to our standard error
            preexec_fn=die_with_parent(),
            process_group=0,  # a Ctrl-C or a group's SIGTERM reaches the supervisor alone, which ends us in order
        )
        self._pid_file.write_text(f"{self._process.pid}\n", encoding="ascii")
        log.info("%s is started, pid %d", self.name, self._process.pid)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
