"""Doubts about lessons and what becomes of them. A doubt takes nothing away: only a person's `confirmed` does.

    open ──► dismissed ──► open      a researcher has looked, with a reason; looked again
      │ ▲
      │ └──► gone ──► open           the machine looked again, and the evidence shows it no longer
      └────► confirmed ──► granted   the credit is withdrawn; given back on second thoughts
                 │
                 └──► appealed ──► upheld | granted   by a teacher of either school, once; decided by another person

Each step is an append-only event with time, actor and text. Anything not in the table is a Conflict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from .errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .model import Page


class Kind(StrEnum):
    """What is doubted; docs/honesty.md says what each is found by."""

    NOBODY = "nobody"
    STILL = "still"
    LOOP = "loop"
    COPY = "copy"
    MUTED = "muted"
    AT_ONCE = "at_once"
    CUT_SHORT = "cut_short"
    SHORT_PLAN = "short_plan"
    CLOCK = "clock"
    BORROWED = "borrowed"


class DoubtState(StrEnum):
    """Where a doubt stands."""

    OPEN = "open"
    GONE = "gone"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    GRANTED = "granted"


class DoubtStep(StrEnum):
    """What happened to a doubt; the first two are the machine's."""

    FOUND = "found"
    VANISHED = "vanished"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    GRANT = "grant"


_S, _T = DoubtState, DoubtStep

STEPS: Mapping[tuple[DoubtState, DoubtStep], DoubtState] = {
    (_S.OPEN, _T.VANISHED): _S.GONE,
    (_S.GONE, _T.FOUND): _S.OPEN,
    (_S.OPEN, _T.DISMISS): _S.DISMISSED,
    (_S.DISMISSED, _T.REOPEN): _S.OPEN,
    (_S.OPEN, _T.CONFIRM): _S.CONFIRMED,
    (_S.CONFIRMED, _T.GRANT): _S.GRANTED,
    (_S.CONFIRMED, _T.APPEAL): _S.APPEALED,
    (_S.APPEALED, _T.UPHOLD): _S.UPHELD,
    (_S.APPEALED, _T.GRANT): _S.GRANTED,
}

TOLD = (_S.CONFIRMED, _S.APPEALED, _S.UPHELD, _S.GRANTED)
"""What the schools see: a suspicion that nobody confirmed is not held against anybody."""

STATE_NAMES: Mapping[DoubtState, str] = {
    _S.OPEN: "待查看",
    _S.GONE: "证据已不再显示",
    _S.DISMISSED: "已排除",
    _S.CONFIRMED: "已认定",
    _S.APPEALED: "申诉中",
    _S.UPHELD: "申诉后维持",
    _S.GRANTED: "已恢复",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds of the lesson's recording; `there` is where the same was seen before, in this or another recording."""

    start: float
    end: float
    there: float | None = None
    lesson_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at the evidence says. `school_id` None: it concerns the lesson as a whole.

    `key` is the same for the same thing at every look.
    """

    kind: Kind
    school_id: str | None
    key: str
    text: str
    text_en: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding that is kept, and where it stands."""

    id: str
    lesson_id: str
    finding: Finding
    state: DoubtState
    found_at: float
    version: int = 1


@dataclass(frozen=True, slots=True)
class DoubtEvent:
    """One step. `entries`: ids of ledger entries that it wrote."""

    doubt_id: str
    at: float
    step: DoubtStep
    actor_id: str
    actor_name: str
    text: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtQuery:
    """Which doubts a list shows, newest first. `involving`: only of lessons in which that school takes part."""

    states: tuple[DoubtState, ...] = ()
    kind: Kind | None = None
    lesson_id: str | None = None
    school_id: str | None = None
    involving: str | None = None
    after: tuple[float, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Publication:
    """Somebody began to send from a network address; `school_id` None: of no school (the office)."""

    lesson_id: str
    participant_id: str
    school_id: str | None
    address: str
    at: float


class DoubtRepository(Protocol):
    """Doubts, their events, and from which lines lessons were sent."""

    async def get(self, doubt_id: str, *, lock: bool = False) -> Doubt | None: ...
    async def of_lesson(self, lesson_id: str) -> list[Doubt]:
        """Oldest first."""
        ...

    async def page(self, query: DoubtQuery) -> Page[Doubt]: ...
    async def add(self, doubt: Doubt) -> bool:
        """False if the lesson has one of that key."""
        ...

    async def save(self, doubt: Doubt, *, seen_version: int) -> None:
        """Raises Conflict (`stale`) if the stored version is not `seen_version`."""
        ...

    async def add_event(self, event: DoubtEvent) -> None: ...
    async def events(self, doubt_ids: Iterable[str]) -> list[DoubtEvent]:
        """In the order they happened."""
        ...

    async def publish(self, publication: Publication) -> None: ...
    async def forget_publications(self, before: float) -> None: ...
    async def publications(
        self,
        since: float,
        until: float,
        *,
        lesson_id: str | None = None,
        schools: Iterable[str] = (),
        addresses: Iterable[str] = (),
    ) -> list[Publication]:
        """At since <= at < until, of the lesson, or of any of the schools or addresses, in the order they came."""
        ...


def next_state(state: DoubtState, step: DoubtStep) -> DoubtState:
    """Where a step leads. Raises Conflict with both in it."""
    found = STEPS.get((state, step))
    if found is None:
        what, what_en = _REFUSED[step]
        raise Conflict(
            f"doubt_is_{state}",
            f"这条存疑现在是“{STATE_NAMES[state]}”（{state}），不能{what}。",
            f"The doubt is {state}; it cannot be {what_en}.",
        )
    return found


_REFUSED: Mapping[DoubtStep, tuple[str, str]] = {
    _T.FOUND: ("再次发现", "found"),
    _T.VANISHED: ("撤销", "taken back"),
    _T.DISMISS: ("排除", "dismissed"),
    _T.REOPEN: ("重新打开", "reopened"),
    _T.CONFIRM: ("认定", "confirmed"),
    _T.APPEAL: ("申诉", "appealed against"),
    _T.UPHOLD: ("维持", "upheld"),
    _T.GRANT: ("恢复", "granted"),
}
