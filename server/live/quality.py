"""How good a lesson's media is: the worker's rows, what pages claim, and the room's newest snapshot. No I/O.

The worker measures (event `quality`), a page may add what its player saw (`playback`): that is the page's own claim,
shown and used to find the cause, never to credit. The snapshot stands in the room's hash, so every web process and a
restarted one tell the same.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from server.county.model import QualityMinute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = logging.getLogger("tongke.live")

FIELD = "quality"  # of the room's hash
CLAIM = "c:"  # and of one page's claims: c:{participant}
STALE = 30.0  # s: older figures say nothing of now
BAD = 2  # a score of this or less is bad
LASTS = 9.5  # s: what was bad for two looks of 5 s is worth a notice
LINGERS = 10.0  # s that a notice stays after the last bad look, so that it does not flicker
SLOT = 5  # s: one look per slot counts in the evidence
MAX_ROWS = 512

Direction = Literal["in", "out"]
Share = Annotated[float, Meta(ge=0, le=1)]
Name = Annotated[str, Meta(min_length=1, max_length=128)]


class QualityRow(Struct, frozen=True, kw_only=True):
    """One participant, source, direction and kind (docs/protocols.md, Quality)."""

    participant_id: Name
    source: Name
    direction: Direction
    kind: Literal["audio", "video"]
    bitrate: Annotated[float, Meta(ge=0)] = 0
    loss: Share = 0
    repaired: Share = 0
    jitter_ms: Annotated[float, Meta(ge=0)] = 0
    rtt_ms: Annotated[float, Meta(ge=0)] | None = None
    layer: str | None = None
    height: int | None = None
    freezes: Annotated[int, Meta(ge=0)] = 0
    held_back: bool = False
    estimate: Annotated[float, Meta(ge=0)] | None = None
    score: Annotated[int, Meta(ge=1, le=5)] | None = None


class Played(Struct, frozen=True, kw_only=True):
    """What a page says its player showed of `source` in the last 10 s or so."""

    source: Name
    freezes: Annotated[int, Meta(ge=0, le=1000)]
    frozen_seconds: Annotated[float, Meta(ge=0, le=1000)]
    concealed_share: Share
    frames_per_second: Annotated[float, Meta(ge=0, le=1000)]
    height: Annotated[int, Meta(ge=0, le=100_000)]


class Claim(Played, frozen=True, kw_only=True):
    """The same with whose claim it is. `at`: Unix s at which it came."""

    participant_id: str
    at: float


class Note(Struct, frozen=True, kw_only=True):
    """Why something is bad, in one line. `lasting`: long enough to tell people unasked.

    `participant_id` None: nobody's end, the server's. `since` and `seen`: Unix s of the first and the last bad look.
    """

    participant_id: str | None
    direction: Literal["in", "out", "both", "server"]
    code: str
    text: str
    text_en: str
    since: float = 0.0
    seen: float = 0.0
    lasting: bool = False


class Snapshot(Struct, frozen=True, kw_only=True):
    """The newest look at a lesson. `load`: the worker's share of a core."""

    at: float
    load: float
    rows: list[QualityRow]
    notes: list[Note]


def rows_of(body: Mapping[str, Any]) -> list[QualityRow]:
    """A quality event's rows; those that are not rows are left out, so that they never stop the others."""
    found: list[QualityRow] = []
    rows = body.get("rows")
    for row in rows[:MAX_ROWS] if isinstance(rows, list) else ():
        try:
            found.append(msgspec.convert(row, QualityRow))
        except msgspec.ValidationError as error:
            log.warning("a quality row is not one: %s", error)
    return found


def read_snapshot(value: str | None) -> Snapshot | None:
    """The room's field, or None if it is not there or not readable."""
    try:
        return None if value is None else msgspec.json.decode(value, type=Snapshot)
    except msgspec.DecodeError:
        return None


def fresh(snapshot: Snapshot | None, now: float) -> Snapshot | None:
    """The snapshot if it still tells of now."""
    return snapshot if snapshot is not None and abs(now - snapshot.at) < STALE else None


def claim_field(participant_id: str) -> str:
    return CLAIM + participant_id


def read_claims(fields: Mapping[str, str], now: float) -> list[Claim]:
    """What pages said lately."""
    found: list[Claim] = []
    for name, value in fields.items():
        if not name.startswith(CLAIM):
            continue
        try:
            claims = msgspec.json.decode(value, type=list[Claim])
        except msgspec.DecodeError:
            continue
        found += [claim for claim in claims if abs(now - claim.at) < STALE]
    return found


def claims_of(participant_id: str, players: Iterable[Played], at: float) -> list[Claim]:
    """What a page said, as this participant's claims."""
    return [Claim(participant_id=participant_id, at=at, **msgspec.structs.asdict(played)) for played in players]


def encode(value: Snapshot | list[Claim]) -> str:
    return msgspec.json.encode(value).decode()


def carried(before: Iterable[Note], found: Iterable[Note], at: float) -> list[Note]:
    """This look's notes with the time since when they hold; one that was shown stays a while after its last bad look.

    The text may change from look to look (another figure, another cause): it is the same trouble of the same end.
    """
    known = {(note.participant_id, note.direction): note for note in before}
    notes: list[Note] = []
    for note in found:
        old = known.pop((note.participant_id, note.direction), None)
        since = old.since if old is not None and at - old.seen < LINGERS else at
        lasting = at - since >= LASTS or (old is not None and old.lasting and since == old.since)
        notes.append(msgspec.structs.replace(note, since=since, seen=at, lasting=lasting))
    notes += [old for old in known.values() if old.lasting and 0 <= at - old.seen < LINGERS]
    return notes


def public(snapshot: Snapshot) -> Snapshot:
    """Without the observers, who are in nobody's sight but their own."""
    return msgspec.structs.replace(
        snapshot,
        rows=[row for row in snapshot.rows if not observes(row.participant_id)],
        notes=[note for note in snapshot.notes if note.participant_id is None or not observes(note.participant_id)],
    )


def observes(participant_id: str) -> bool:
    """Whether this is an observer (docs/protocols.md, Names)."""
    return participant_id.startswith("observer-")


def ends(rows: Iterable[QualityRow]) -> dict[str, int]:
    """The worst score of each participant, both directions together; who sends and receives nothing is left out."""
    found: dict[str, int] = {}
    for row in rows:
        if row.score is not None:
            found[row.participant_id] = min(row.score, found.get(row.participant_id, 5))
    return found


def minutes(lesson_id: str, at: float, rows: Iterable[QualityRow]) -> list[QualityMinute]:
    """One look as evidence: per participant and direction the slot it falls in, whether it was bad, the mean loss."""
    groups: dict[tuple[str, str], list[QualityRow]] = {}
    for row in rows:
        if row.score is not None and not observes(row.participant_id):
            groups.setdefault((row.participant_id, row.direction), []).append(row)
    minute, second = divmod(int(at), 60)
    slot = 1 << second // SLOT
    found: list[QualityMinute] = []
    for (participant, direction), group in groups.items():
        weight = sum(row.bitrate for row in group)
        loss = sum(row.loss * row.bitrate for row in group) / weight if weight else 1.0
        bad = min(row.score for row in group if row.score is not None) <= BAD
        found.append(QualityMinute(lesson_id, participant, direction, minute, slot, slot * bad, loss, 1))
    return found
