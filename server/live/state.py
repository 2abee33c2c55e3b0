"""The fields of a room's shared hash, and who is present as read from them. No I/O.

| field | value |
| --- | --- |
| `stage` | participant id, or "" |
| `layout` | `teacher` `screen` `both` |
| `recording` | JSON `{"state", "detail"}` |
| `placed` | `{worker}:{epoch}` that the room's pages were last told about |
| `p:{participant}:{connection}` | JSON of `Page`: one connected page |
| `m:{session}` | JSON of `MediaSession`: one WHIP or WHEP resource |
| `h:{participant}` | "1": hand raised |
| `u:{participant}` | "1": asked to be muted |
| `quality` | JSON of `quality.Snapshot`: the newest look at how good it is |
| `c:{participant}` | JSON list of `quality.Claim`: what that participant's page says it showed |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from .messages import Layout, Participant, Recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A page's entry is renewed every 10 s by the web process that holds its socket; older than this (s) it is gone.
PAGE_TTL = 30.0


# What every browser plays (RFC 7742 section 5) and every page publishes when there is nothing better.
EVERYWHERE = "vp8"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One connected page. `seen`: Unix seconds of its last renewal; `decodes`: video codecs it plays."""

    role: str
    school_id: str | None
    name: str
    seen: float
    microphone: bool = False
    camera: bool = False
    screen: bool = False
    decodes: tuple[str, ...] = ()


class MediaSession(msgspec.Struct, frozen=True, kw_only=True):
    """One WHIP (`direction` in) or WHEP (out) resource. `connected`: the worker said that media can flow."""

    participant_id: str
    role: str
    school_id: str | None
    name: str
    source: str
    direction: str
    etag: str
    remote_ufrag: str
    candidates: list[str]
    placed: str
    at: float
    connected: bool = False
    account_id: str = ""  # who it was given to, "" for nobody's


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room's hash, understood. Fields that cannot be read are left out."""

    pages: dict[tuple[str, str], Page]  # (participant, connection)
    sessions: dict[str, MediaSession]
    hands: frozenset[str]
    muted: frozenset[str]
    stage: str | None
    layout: Layout
    recording: Recording
    placed: str


def page_field(participant_id: str, connection: str) -> str:
    return f"p:{participant_id}:{connection}"


def session_field(session_id: str) -> str:
    return f"m:{session_id}"


def hand_field(participant_id: str) -> str:
    return f"h:{participant_id}"


def muted_field(participant_id: str) -> str:
    return f"u:{participant_id}"


def encode(value: Page | MediaSession) -> str:
    return msgspec.json.encode(value).decode()


def read_session(value: str | None) -> MediaSession | None:
    """A media session's entry, or None if it is not there or not readable."""
    try:
        return None if value is None else msgspec.json.decode(value, type=MediaSession)
    except msgspec.DecodeError:
        return None


def read_room(fields: Mapping[str, str]) -> RoomView:
    """The hash as values."""
    pages: dict[tuple[str, str], Page] = {}
    sessions: dict[str, MediaSession] = {}
    for name, value in fields.items():
        try:
            if name.startswith("p:"):
                participant, _, connection = name[2:].rpartition(":")
                pages[participant, connection] = msgspec.json.decode(value, type=Page)
            elif name.startswith("m:"):
                sessions[name[2:]] = msgspec.json.decode(value, type=MediaSession)
        except msgspec.DecodeError:
            continue
    return RoomView(
        pages=pages,
        sessions=sessions,
        hands=frozenset(name[2:] for name in fields if name.startswith("h:")),
        muted=frozenset(name[2:] for name in fields if name.startswith("u:")),
        stage=fields.get("stage") or None,
        layout=read_layout(fields.get("layout")),
        recording=_recording(fields.get("recording")),
        placed=fields.get("placed", ""),
    )


def read_layout(value: str | None) -> Layout:
    """A layout's name; anything else is the default, the teacher large."""
    return "screen" if value == "screen" else "both" if value == "both" else "teacher"


def _recording(value: str | None) -> Recording:
    try:
        return Recording(state="idle") if value is None else msgspec.json.decode(value, type=Recording)
    except msgspec.DecodeError:
        return Recording(state="idle")


def stale_fields(room: RoomView, now: float) -> list[str]:
    """Entries of pages whose web process no longer renews them."""
    return [
        page_field(participant, connection)
        for (participant, connection), page in room.pages.items()
        if page.seen + PAGE_TTL < now
    ]


def participants(room: RoomView, now: float) -> list[Participant]:
    """Who is here: everybody with a page, or with a connected publishing session (OBS has no page)."""
    pages: dict[str, list[Page]] = {}
    for (participant, _), page in room.pages.items():
        if page.seen + PAGE_TTL >= now:
            pages.setdefault(participant, []).append(page)
    media: dict[str, list[MediaSession]] = {}
    for session in room.sessions.values():
        if session.connected and session.direction == "in":
            media.setdefault(session.participant_id, []).append(session)
    order = {"teacher": 0, "classroom": 1, "observer": 2}
    found = [
        _participant(room, who, pages.get(who, []), media.get(who, [])) for who in sorted(pages.keys() | media.keys())
    ]
    return sorted(found, key=lambda one: order[one.role])


def _participant(room: RoomView, who: str, pages: list[Page], media: list[MediaSession]) -> Participant:
    newest: Page | MediaSession = max(pages, key=lambda page: page.seen) if pages else media[0]
    publishing = sorted({session.source for session in media})
    main = any(source != "screen" for source in publishing)
    return Participant(
        participant_id=who,
        role="teacher" if newest.role == "teacher" else "classroom" if newest.role == "classroom" else "observer",
        school_id=newest.school_id,
        name=newest.name,
        connected=True,
        microphone=any(page.microphone for page in pages) if pages else main,
        camera=any(page.camera for page in pages) if pages else main,
        screen=any(page.screen for page in pages) if pages else "screen" in publishing,
        publishing=publishing,
        hand=who in room.hands,
        muted=who in room.muted,
    )


def common_codecs(room: RoomView, now: float, preferred: Iterable[str]) -> list[str]:
    """Those of the preferred video codecs that everybody in the room plays, in that order, then `EVERYWHERE`.

    Whoever plays without a page has not said what it can.
    """
    pages = {who: page for (who, _), page in room.pages.items() if page.seen + PAGE_TTL >= now}
    plays = [set(page.decodes) for (_, _), page in room.pages.items() if page.seen + PAGE_TTL >= now]
    if any(
        one.direction == "out" and one.connected and one.participant_id not in pages for one in room.sessions.values()
    ):
        plays.append(set())
    return [codec for codec in preferred if codec != EVERYWHERE and all(codec in each for each in plays)] + [EVERYWHERE]


def visible(found: Iterable[Participant], to_observers: bool) -> list[Participant]:
    """Observers are in nobody's presence but the observers' and administrators' own."""
    return [one for one in found if to_observers or one.role != "observer"]
