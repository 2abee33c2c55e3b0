"""The job process: a huey consumer (queue `tongke`) that verifies and deletes recordings. Any job may be repeated."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import socket
import time
from typing import TYPE_CHECKING, Any

import redis
from huey import RedisHuey
from huey.consumer import Consumer
from huey.signals import SIGNAL_INTERRUPTED

from recorder.announce import EVENTS, EVENTS_MAXLEN
from recorder.storage import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger("tongke.jobs")

QUEUE = "tongke"
# A job that fails for a reason of the machine (disk, Redis) is tried again; a bad recording is a result, not a failure.
RETRIES, RETRY_DELAY = 5, 5  # s, doubled each time
POLL_MAX = 1.0  # s; huey blocks on Redis for its queue, this bounds the pause after an error
# s: length of a blocking read, and between two looks for jobs to be tried again; a job itself comes at once
BLOCK, LOOK_FOR_RETRIES = 5, 5
# `tk:job:{job}`: how much of a job is done (0..1), told every second, gone when the job is or its process died
PROGRESS, PROGRESS_EVERY, PROGRESS_TTL = "tk:job:", 1.0, 30
AWAY = (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError, OSError)
TELL_AGAIN = 30.0  # s; one line for a Redis that restarts, not one for each try
CONSUMER = ("huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler")


class Progress:
    """How much of a job is done, in Redis for whoever waits. It may be lost: then nobody is told, nothing else."""

    def __init__(self, client: redis.Redis, key: str, steady: Callable[[], float]) -> None:
        self._client, self._key, self._steady = client, key, steady
        self._told_at = float("-inf")

    def __call__(self, done: float) -> None:
        """`done` in 0..1; told every `PROGRESS_EVERY` seconds."""
        now = self._steady()
        if now - self._told_at >= PROGRESS_EVERY:
            self._told_at = now
            with contextlib.suppress(*AWAY):
                self._client.set(self._key, f"{done:.3f}", ex=PROGRESS_TTL)

    def forget(self) -> None:
        """The job is over."""
        with contextlib.suppress(*AWAY):
            self._client.delete(self._key)


class OneLine(logging.Filter):
    """huey draws a stack for each try to reach a Redis that is away; that is one line, and no error of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite what tells of an absent Redis, drop it while that was said a moment ago; let the rest pass."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, AWAY):
            return True
        now = time.monotonic()
        if now < self._quiet_until:
            return False
        self._quiet_until = now + TELL_AGAIN
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "redis is away while waiting for jobs: %s", (type(error).__name__,)
        record.exc_info = record.exc_text = None
        return True


class SleepingConsumer(Consumer):  # type: ignore[misc]  # huey is untyped
    """huey's consumer, whose main thread looks ten times a second whether a signal came; this one sleeps until it does.

    The worker's thread blocks on Redis by itself.
    """

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        self._signalled, writing = socket.socketpair()
        writing.setblocking(False)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._stop_flag_timeout = 0
        super().run()

    def loop(self, health_check_ts: float | None = None) -> Any:  # noqa: ANN401 (huey is untyped)
        """One round; also after a while without a signal, to see that the threads live."""
        select.select([self._signalled], [], [], self._health_check_interval)
        return super().loop(health_check_ts)


def build(data: Path, redis_url: str) -> Any:  # noqa: ANN401 (huey is untyped)
    """The queue with its tasks `recorder.jobs.verify` and `.discard` (docs/protocols.md)."""
    huey = RedisHuey(QUEUE, url=redis_url, results=False, read_timeout=BLOCK)

    def verify(lesson_id: str) -> None:
        """Inspect the recording, write `verify.json`, tell the server."""
        from recorder.inspect import verify_recording  # loads opencv and PyAV, which this process needs only now
        from recorder.objects import Place, restore

        with redis.Redis.from_url(redis_url) as client:
            told = Progress(client, f"{PROGRESS}verify-{lesson_id}", time.monotonic)
            restore(data / "recordings", str(lesson_id), Place.of(os.environ))
            report = verify_recording(data / "recordings", str(lesson_id), told)
            if report is None:
                log.warning("verification of %r: no lesson can be called so", lesson_id)
                return
            tell("recording.verified", {"lesson_id": lesson_id, "report": report})
            told.forget()
        log.info(
            "recording %s is verified: %s",
            lesson_id,
            ", ".join(problem["code"] for problem in report["problems"]) or "no problems",
        )

    def discard(lesson_id: str) -> None:
        """Delete the recording, tell the server.

        What is on an object store the recorder deletes and tells of: it alone writes there.
        """
        from recorder.objects import STATE, Place

        store = Store(data / "recordings")
        hidden = store.hide(str(lesson_id))
        if hidden is not None and Place.of(os.environ) is not None:
            return
        if hidden is not None and (hidden / STATE).exists():
            log.error("recording %s is on an object store too, and none is configured: it is not deleted", lesson_id)
            return
        store.discard(str(lesson_id))
        tell("recording.discarded", {"lesson_id": lesson_id, "objects": 0})
        log.info("recording %s is deleted", lesson_id)

    def tell(kind: str, body: dict[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        with redis.Redis.from_url(redis_url) as client:
            client.xadd(EVENTS, {"type": kind, "body": text}, maxlen=EVENTS_MAXLEN)

    for task in (verify, discard):
        huey.task(retries=RETRIES, retry_delay=RETRY_DELAY, retry_backoff=2, name=task.__name__)(task)
    put_back_when_interrupted(huey)
    return huey


def put_back_when_interrupted(huey: Any) -> None:  # noqa: ANN401 (huey is untyped)
    """A job that SIGTERM interrupted is queued again."""

    @huey.signal(SIGNAL_INTERRUPTED)  # type: ignore[untyped-decorator]
    def put_back(_signal: str, task: Any) -> None:  # noqa: ANN401 (huey is untyped)
        huey.enqueue(task)


def run_jobs(data: Path, redis_url: str) -> None:
    """Work until SIGTERM; a job under way is interrupted and queued again."""
    serve(build(data, redis_url))


def serve(huey: Any) -> None:  # noqa: ANN401 (huey is untyped)
    """Work off a queue until SIGTERM."""
    # huey's default: SIGTERM interrupts, which `put_back` makes harmless; SIGINT waits for the job
    consumer = SleepingConsumer(
        huey, workers=1, periodic=False, max_delay=POLL_MAX, scheduler_interval=LOOK_FOR_RETRIES
    )
    one_line = OneLine()
    for name in CONSUMER:  # a logger's filter does not see what its children log
        logging.getLogger(name).addFilter(one_line)
    log.info("waiting for jobs")
    consumer.run()
