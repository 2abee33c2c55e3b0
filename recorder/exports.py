"""The export process: a huey consumer (queue `tongke-exports`), apart from the jobs so that no lesson waits for it.

It gives way to everything else on the machine. What a crash took out of the queue a sweep puts back: the exports that
are to be made stand on disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from huey import RedisHuey

from recorder import export_state
from recorder.jobs import AWAY, BLOCK, RETRIES, RETRY_DELAY, put_back_when_interrupted, serve

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("tongke.exports")

QUEUE = "tongke-exports"
NICE = 10
SWEEP_EVERY = 20.0  # s


def job_of(lesson_id: str, export_id: str) -> str:
    """The job's id in the queue; the server makes the same."""
    return f"export-{lesson_id}-{export_id}"


class Queue:
    """The consumer's side of the queue, with its task `recorder.exports.export`."""

    def __init__(self, data: Path, redis_url: str) -> None:
        self._root = data / "recordings"
        self.huey: Any = RedisHuey(QUEUE, url=redis_url, results=False, read_timeout=BLOCK)
        self._running: str | None = None
        # a task's name in the registry comes from the module of its function and its own name
        export = self._export
        self._task = self.huey.task(retries=RETRIES, retry_delay=RETRY_DELAY, retry_backoff=2, name="export")(
            lambda lesson_id, export_id: export(str(lesson_id), str(export_id))
        )
        put_back_when_interrupted(self.huey)

    def _export(self, lesson_id: str, export_id: str) -> None:
        import cv2  # loaded only now, with PyAV below: this process mostly waits

        from recorder.export import run_export
        from recorder.objects import Place, restore

        cv2.setNumThreads(1)
        self._running = job_of(lesson_id, export_id)
        try:
            restore(self._root, lesson_id, Place.of(os.environ))
            done = run_export(self._root, lesson_id, export_id)
        finally:
            self._running = None
        if done is not None:
            log.info("export %s of %s is %s", export_id, lesson_id, done.error or done.state)

    def sweep(self) -> int:
        """Queue the unfinished exports that are neither queued nor under way; how many."""
        queued = {task.id for task in [*self.huey.pending(), *self.huey.scheduled()]}
        count = 0
        for export in export_state.unfinished(self._root):
            job = job_of(export.lesson_id, export.id)
            if job not in queued and job != self._running:
                self.huey.enqueue(self._task.s(export.lesson_id, export.id, id=job))
                count += 1
        return count

    def sweep_for_ever(self, stop: threading.Event) -> None:
        """A thread's life."""
        while True:
            with contextlib.suppress(*AWAY):
                if count := self.sweep():
                    log.info("%d exports are queued again", count)
            if stop.wait(SWEEP_EVERY):
                return


def run_exports(data: Path, redis_url: str) -> None:
    """Work until SIGTERM; an export under way goes on with the next start, from its last whole part."""
    os.nice(NICE)
    queue = Queue(data, redis_url)
    stop = threading.Event()
    sweeping = threading.Thread(target=queue.sweep_for_ever, args=(stop,), name="sweep", daemon=True)
    sweeping.start()
    try:
        serve(queue.huey)
    finally:
        stop.set()
        logging.shutdown()
        # at once: the encoder's thread does not look up for a while, and what it was at goes on with the next start
        os._exit(0)
