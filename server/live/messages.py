"""The room's WebSocket messages (docs/protocols.md, section 6), typed with msgspec, both directions.

What a page sends is decoded by `decode_untrusted`, which raises only `BadMessage`. What the server sends is encoded
from the classes below. `schemas()` gives their JSON schemas, which go into the OpenAPI document so that the web
client's types come from here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from .quality import Claim, Note, Played, QualityRow  # noqa: TC001 - msgspec reads the annotations

VERSION = 1
# Characters of one chat line, and bytes of one frame from a page: a hello with a media token is about 500 bytes.
CHAT_MAX = 500
FRAME_MAX = 8192

# A shown height in device pixels: 8K and a bit is the tallest screen there is.
HEIGHT_MAX = 8192

Layout = Literal["teacher", "screen", "both"]
# What a person chose for one source: by what is shown and the line, at most a layer, or the sound alone.
Choice = Literal["auto", "high", "medium", "low", "sound"]
ParticipantId = Annotated[str, Meta(min_length=1, max_length=128)]


class BadMessage(ValueError):
    """A frame that is not a message of this protocol; the text says what is wrong."""


# --- page → server --------------------------------------------------------------------------------------------------


class Hello(Struct, tag="hello", frozen=True):
    """`decodes`: video codecs that this page's browser plays, by their names in SDP, in lower case."""

    token: Annotated[str, Meta(min_length=1, max_length=4096)]
    decodes: Annotated[list[Annotated[str, Meta(max_length=16)]], Meta(max_length=16)] = []
    v: Literal[1] = 1


class Devices(Struct, tag="devices", frozen=True):
    microphone: bool
    camera: bool
    screen: bool
    v: Literal[1] = 1


class Hand(Struct, tag="hand", frozen=True):
    raised: bool
    v: Literal[1] = 1


class HelpWanted(Struct, tag="help", frozen=True):
    v: Literal[1] = 1


class SetStage(Struct, tag="stage", frozen=True):
    participant_id: ParticipantId | None
    v: Literal[1] = 1


class SetLayout(Struct, tag="layout", frozen=True):
    layout: Layout
    v: Literal[1] = 1


class Mute(Struct, tag="mute", frozen=True):
    """`participant_id` may be `all`: every classroom."""

    participant_id: ParticipantId
    muted: bool
    v: Literal[1] = 1


class Say(Struct, tag="chat", frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=CHAT_MAX)]
    v: Literal[1] = 1


class Watch(Struct, tag="watch", frozen=True):
    """How this page shows a source: `height` in device pixels (0: not shown), and what the person chose for it."""

    source: ParticipantId
    height: Annotated[int, Meta(ge=0, le=HEIGHT_MAX)]
    choice: Choice
    v: Literal[1] = 1


class Playback(Struct, tag="playback", frozen=True):
    """What this page's players showed since the last such message: its own claim, for the page and the diagnosis."""

    players: Annotated[list[Played], Meta(max_length=16)]
    v: Literal[1] = 1


class Ping(Struct, tag="ping", frozen=True):
    """`at` is the page's own clock and comes back unchanged."""

    at: float
    v: Literal[1] = 1


PageMessage = Hello | Devices | Hand | HelpWanted | SetStage | SetLayout | Mute | Say | Watch | Playback | Ping


# --- server → page --------------------------------------------------------------------------------------------------


class Participant(Struct, frozen=True, kw_only=True):
    participant_id: str
    role: Literal["teacher", "classroom", "observer"]
    school_id: str | None
    name: str
    connected: bool
    microphone: bool
    camera: bool
    screen: bool
    publishing: list[str]
    hand: bool
    muted: bool


class Me(Struct, frozen=True, kw_only=True):
    participant_id: str
    role: Literal["teacher", "classroom", "observer"]
    school_id: str | None
    name: str


class Recording(Struct, tag="recording", frozen=True, kw_only=True):
    """`idle`: nothing was published yet."""

    state: Literal["idle", "recording", "trouble", "closed"]
    detail: str = ""
    v: Literal[1] = 1


class Welcome(Struct, tag="welcome", frozen=True, kw_only=True):
    """`lesson` is the API's lesson; `server_time` Unix seconds; `codecs` as in `presence`."""

    self: Me
    lesson: dict[str, Any]
    participants: list[Participant]
    stage: str | None
    layout: Layout
    recording: Recording
    codecs: list[str]
    server_time: float
    v: Literal[1] = 1


class PresenceList(Struct, tag="presence", frozen=True, kw_only=True):
    """`codecs`: what video is to be published in, the best first: everybody here plays each of them."""

    participants: list[Participant]
    codecs: list[str]
    v: Literal[1] = 1


class LessonChanged(Struct, tag="lesson", frozen=True, kw_only=True):
    lesson: dict[str, Any]
    v: Literal[1] = 1


class Stage(Struct, tag="stage", frozen=True, kw_only=True):
    participant_id: str | None
    v: Literal[1] = 1


class LayoutIs(Struct, tag="layout", frozen=True, kw_only=True):
    layout: Layout
    v: Literal[1] = 1


class Muted(Struct, tag="muted", frozen=True, kw_only=True):
    muted: bool
    v: Literal[1] = 1


class HelpCall(Struct, tag="help", frozen=True, kw_only=True):
    participant_id: str
    name: str
    text: str
    at: float
    v: Literal[1] = 1


class Chat(Struct, tag="chat", frozen=True, kw_only=True):
    participant_id: str
    name: str
    text: str
    at: float
    v: Literal[1] = 1


class MediaReset(Struct, tag="media_reset", frozen=True, kw_only=True):
    reason: str
    v: Literal[1] = 1


class Quality(Struct, tag="quality", frozen=True, kw_only=True):
    """The newest look: what the server measured (`rows`), what pages claim (`claims`), why it is bad (`notes`).

    `at`: Unix s.
    """

    at: float
    rows: list[QualityRow]
    claims: list[Claim]
    notes: list[Note]
    v: Literal[1] = 1


class Error(Struct, tag="error", frozen=True, kw_only=True):
    code: str
    detail: str
    v: Literal[1] = 1


class Pong(Struct, tag="pong", frozen=True, kw_only=True):
    at: float
    server_time: float
    v: Literal[1] = 1


ServerMessage = (
    Welcome
    | PresenceList
    | LessonChanged
    | Stage
    | LayoutIs
    | Muted
    | HelpCall
    | Chat
    | MediaReset
    | Recording
    | Quality
    | Error
    | Pong
)

_decoder = msgspec.json.Decoder(PageMessage)
_encoder = msgspec.json.Encoder()


def decode_untrusted(frame: str | bytes) -> PageMessage:
    """A page's frame as a message. Raises BadMessage, nothing else."""
    if len(frame) > FRAME_MAX:
        raise BadMessage(f"message longer than {FRAME_MAX} bytes")
    try:
        message: PageMessage = _decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadMessage(str(error)) from None
    return message


def encode(message: ServerMessage) -> str:
    """A message as a text frame."""
    return _encoder.encode(message).decode()


def schemas(ref_template: str) -> dict[str, Any]:
    """JSON schemas of all messages by name, with the unions `RoomPageMessage` and `RoomServerMessage`."""
    roots, components = msgspec.json.schema_components([PageMessage, ServerMessage], ref_template=ref_template)
    named = {f"Room{name}": schema for name, schema in components.items()}
    named["RoomPageMessage"], named["RoomServerMessage"] = roots
    return named
