"""Answers about recordings, what is live now, and the system's state."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from server.county.model import TokenRole  # noqa: TC001 - pydantic reads the annotations

from .schemas import Answer, LessonAnswer, Time
from .schemas_library import SpaceAnswer  # noqa: TC001 - pydantic reads the annotations


class Piece(Answer):
    """One closed piece of a track; `start` and `end` are seconds on the lesson's clock."""

    url: str
    start: float
    end: float
    bytes: int


class GrowingPiece(Answer):
    """The piece that is being written; its first `bytes` are there, whole chunks, to be had by Range."""

    url: str
    bytes: int


class Track(Answer):
    id: str
    participant_id: str
    school_id: str | None
    source: str
    kind: Literal["audio", "video"]
    codec: str
    mime: str
    init_url: str
    hls_url: str | None
    start: float
    duration: float
    width: int | None
    height: int | None
    pieces: list[Piece]
    growing: GrowingPiece | None


class TrackFile(Answer):
    """A whole track as one file, Range-able."""

    track: str
    url: str
    mime: str
    bytes: int
    name: str


class Gap(Answer):
    track: str
    start: float
    end: float


class VerifiedTrack(Answer):
    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    id: str
    source: str
    kind: str
    opens: bool
    error: str | None = None
    duration: float | None = None
    gap_seconds: float | None = None
    black_share: float | None = None
    frozen_share: float | None = None
    silent_share: float | None = None
    loudness: float | None = None


class VerifiedTeacher(Answer):
    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    black_or_frozen_share: float | None = None
    silent_share: float | None = None


class VerificationProblem(Answer):
    """Something worth a word; codes in docs/protocols.md, section 5. `value`: seconds or a share, as the code says."""

    code: str
    track: str | None = None
    value: float | None = None


class Verification(Answer):
    """The verification report (docs/protocols.md, section 5)."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    lesson_id: str
    opens: bool
    open_seconds: float | None = None
    recorded_share: float | None = None
    live_seconds: float | None = None
    duration: float | None = None
    gap_seconds: float | None = None
    tracks: list[VerifiedTrack] = Field(default_factory=list)
    teacher: VerifiedTeacher | None = None
    problems: list[VerificationProblem] = Field(default_factory=list)


class Hls(Answer):
    """Addresses of HLS playlists: of everything, and of each source. VP8 tracks are in none."""

    url: str | None
    sources: dict[str, str]


class RecordingAnswer(Answer):
    """A recording. `clock_zero` is Unix seconds; other times are seconds from it.

    `position`: where the caller stopped, null when not begun or seen to the end.
    """

    id: str
    lesson_id: str
    state: Literal["open", "closed"]
    clock_zero: float
    duration: float
    gap_seconds: float
    gaps: list[Gap]
    tracks: list[Track]
    files: list[TrackFile]
    hls: Hls
    verification: Verification | None
    verifying: float | None = None  # 0..1 while a verification is queued or under way
    position: float | None


class Presence(Answer):
    """Somebody in the room, as in the room's `presence`."""

    participant_id: str
    role: TokenRole
    school_id: str | None
    name: str
    connected: bool
    microphone: bool
    camera: bool
    screen: bool
    publishing: list[str]
    hand: bool
    muted: bool


class RecordingState(Answer):
    state: Literal["idle", "recording", "trouble", "closed"]
    detail: str = ""


class QualityNote(Answer):
    """Why it is bad, as in the room's `quality`; only what has lasted. Times are Unix seconds."""

    participant_id: str | None
    direction: Literal["in", "out", "both", "server"]
    code: str
    text: str
    text_en: str
    since: float


class Snapshot(Answer):
    """A small picture of a source; its `url` changes with the picture."""

    source: str
    url: str
    at: Time


class LiveLesson(Answer):
    """`quality`: the worst score (1 to 5) of each participant, of those that have one."""

    lesson: LessonAnswer
    participants: list[Presence]
    recording: RecordingState
    quality: dict[str, int]
    notes: list[QualityNote]
    snapshots: list[Snapshot]


class WorkerAnswer(Answer):
    """A media worker's lease; `stats` is what it measures of itself."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    worker: str
    epoch: str
    lessons: int
    load: float
    pid: int
    stats: dict[str, Any] = Field(default_factory=dict)


class DiskAnswer(Answer):
    """Bytes."""

    free: int
    total: int


class RecorderAnswer(Answer):
    alive: bool
    trouble: list[str] = Field(default_factory=list)


class SystemAnswer(Answer):
    """`uptime` in seconds; `redis` and `database` are `ok` or what is wrong; `queue`: jobs waiting, -1 when unknown."""

    version: str
    uptime: float
    now: Time
    workers: list[WorkerAnswer]
    recorder: RecorderAnswer
    redis: str
    database: str
    disk: DiskAnswer
    space: SpaceAnswer
    queue: int
    event_lag: float


class HealthAnswer(Answer):
    status: Literal["ok"] = "ok"


class LessonNotice(Answer):
    """`data` of the server-sent event `lesson`."""

    lesson_id: str
    state: str
    receiving_school_id: str
    supporting_school_id: str


class Accepted(Answer):
    """202: it will be done; look at the lesson's state."""

    lesson_id: str
    queued: bool = True
