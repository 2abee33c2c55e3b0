"""Names of everything this project keeps in Redis (docs/protocols.md, section 2)."""

from __future__ import annotations

PREFIX = "tk:"
EVENTS = PREFIX + "events"
EVENTS_MAXLEN = 100_000
EVENTS_GROUP = "live"
BUS = PREFIX + "bus"
WALL = PREFIX + "wall"  # there while somebody looks at the wall
WORKER_PATTERN = PREFIX + "worker:*"
QUEUE = "tongke"
EXPORTS = "tongke-exports"
INGESTS = PREFIX + "ingests"  # the pulls that are wanted


def job(name: str) -> str:
    """How much of a job is done (0..1)."""
    return f"{PREFIX}job:{name}"


def ingest(ingest_id: str) -> str:
    """How a pull fares."""
    return f"{PREFIX}ingest:{ingest_id}"


def worker(name: str) -> str:
    """The lease of media worker `name`."""
    return f"{PREFIX}worker:{name}"


def place(lesson_id: str) -> str:
    """Where a lesson's media is."""
    return f"{PREFIX}place:{lesson_id}"


def homes(lesson_id: str) -> str:
    """The hash of which worker serves which participant that plays, where a lesson's watchers are spread."""
    return f"{PREFIX}homes:{lesson_id}"


def commands(worker_name: str) -> str:
    """The stream of commands to a media worker."""
    return f"{PREFIX}cmd:{worker_name}"


def replies(client: str) -> str:
    """The stream of answers to one command client."""
    return f"{PREFIX}reply:{client}"


def room(lesson_id: str) -> str:
    """The hash of a lesson's room."""
    return f"{PREFIX}room:{lesson_id}"
