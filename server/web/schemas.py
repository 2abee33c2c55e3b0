"""What strangers send and what they get back about accounts, the roster, lessons, the ledger and the board.

Requests are checked with these models, answers are made of them, and `/api/openapi.json` (hence the web client's
types) is generated from them. Times in bodies are RFC 3339 in UTC. Unknown fields of a request are ignored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from server.county.model import Form, LessonState, Role, TokenRole  # noqa: TC001 - pydantic reads the annotations
from server.county.policies import CreditingPolicy  # noqa: TC001 - as above

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339, UTC, milliseconds."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Topic = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# argon2 hashes any length, but reading a megabyte password is work for nobody.
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


def rfc3339(at: float) -> str:
    """Unix seconds as RFC 3339, UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_or_none(at: float | None) -> str | None:
    """The same, of what may not have happened yet."""
    return None if at is None else rfc3339(at)


class Answer(BaseModel):
    """Base of what we send: every field is always there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class FieldProblem(Answer):
    """One field of the body or query that is not as it should be."""

    field: str
    detail: str


class Problem(Answer):
    """RFC 9457. `code` is stable, for programs; `detail` says what happened and what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)


# --- sessions, users, devices ---------------------------------------------------------------------------------------


class LoginRequest(BaseModel):
    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Password


class PasswordChange(BaseModel):
    old: Password
    new: Password


class SessionUser(Answer):
    """Who is logged in. For a device: its id, its name and the role `device`."""

    id: str
    username: str
    name: str
    role: Role
    school_id: str | None
    school_name: str | None


class SessionAnswer(Answer):
    user: SessionUser


class LoginAnswer(Answer):
    token: str
    user: SessionUser


class RedeemRequest(BaseModel):
    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class DeviceAnswer(Answer):
    id: str
    school_id: str
    school_name: str
    name: str
    created_at: Time
    redeemed_at: Time | None
    last_seen_at: Time | None
    revoked: bool


class DeviceCreate(BaseModel):
    school_id: Id
    name: Name


class DeviceCode(Answer):
    """`code` is shown once and works once."""

    device: DeviceAnswer
    code: str


class RedeemAnswer(Answer):
    token: str
    device: DeviceAnswer


class UserAnswer(Answer):
    id: str
    username: str
    name: str
    role: Role
    school_id: str | None
    school_name: str | None
    disabled: bool
    created_at: Time


class UserCreate(BaseModel):
    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    name: Name
    role: Role
    school_id: Id | None = None
    password: Password


class UserUpdate(BaseModel):
    name: Name | None = None
    school_id: Id | None = None
    password: Password | None = None
    disabled: bool | None = None


# --- roster ---------------------------------------------------------------------------------------------------------


class SchoolAnswer(Answer):
    id: str
    name: str
    name_en: str
    kind: Literal["supporting", "receiving"]
    stage: Literal["primary", "junior"]
    archived: bool


class SubjectAnswer(Answer):
    id: str
    name: str
    name_en: str
    archived: bool


class PairingAnswer(Answer):
    id: str
    number: int
    supporting_school_id: str
    supporting_school: str
    receiving_school_id: str
    receiving_school: str
    researcher: str
    researcher_id: str
    archived: bool


# --- lessons --------------------------------------------------------------------------------------------------------


class LessonCreate(BaseModel):
    pairing_id: Id
    subject: Id
    topic: Topic
    starts_at: AwareDatetime
    planned_minutes: Annotated[int, Field(ge=1, le=300)]
    teacher_id: Id | None = None
    receiving_school_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None
    policy: Annotated[str, StringConstraints(min_length=1, max_length=32)] = "default"


class LessonUpdate(BaseModel):
    version: int
    topic: Topic | None = None
    subject: Id | None = None
    starts_at: AwareDatetime | None = None
    planned_minutes: Annotated[int, Field(ge=1, le=300)] | None = None
    teacher_id: Id | None = None


class CancelRequest(BaseModel):
    reason: Reason


class TokenRequest(BaseModel):
    role: TokenRole
    school_id: Id | None = None


class TokenAnswer(Answer):
    token: str
    expires_at: Time
    participant_id: str


class SchoolRef(Answer):
    id: str
    name: str


class LessonAnswer(Answer):
    id: str
    form: Form
    pairing_id: str
    supporting_school_id: str
    supporting_school: str
    receiving_schools: list[SchoolRef]
    subject: str
    subject_name: str
    topic: str
    teacher_id: str | None
    teacher_name: str | None
    starts_at: Time
    planned_minutes: int
    policy: str
    state: LessonState
    started_at: Time | None
    ended_at: Time | None
    version: int
    recording_id: str | None
    reason: str | None
    reason_en: str | None


class ParticipantAnswer(Answer):
    participant_id: str
    role: TokenRole
    school_id: str | None
    name: str
    seconds_in: int
    seconds_out: int


class ClassroomEvidence(Answer):
    school_id: str
    received_seconds: int
    sent_seconds: int
    received_share: float
    sent_share: float


class QualityEvidence(Answer):
    """How good one participant's media was: `in` what it sent, `out` what it received; it credits nothing."""

    participant_id: str
    direction: Literal["in", "out"]
    minutes: float
    bad_minutes: float
    mean_loss: float


class Evidence(Answer):
    """What was measured; see server/county/evidence.py. `live_from` and `live_to` are Unix seconds."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    planned_seconds: int
    live_from: float | None
    live_to: float | None
    live_seconds: int
    teacher_seconds: int
    teacher_share: float
    classrooms: list[ClassroomEvidence]
    recording_opens: bool | None = None
    recording_seconds: float | None = None
    gap_seconds: float | None = None
    black_or_frozen_share: float | None = None
    silent_share: float | None = None
    quality: list[QualityEvidence] = []


class LedgerAnswer(Answer):
    id: str
    lesson_id: str
    school_id: str
    school_name: str
    subject_id: str
    form: Form
    amount: int
    reverses: str | None
    reason: str
    evidence: dict[str, Any]
    policy_version: str
    actor: str
    at: Time


class ReasonAnswer(Answer):
    """Why a school (null: nobody) is not credited for a lesson."""

    school_id: str | None
    school_name: str | None
    code: str
    text: str
    text_en: str


class LessonEventAnswer(Answer):
    model_config = ConfigDict(serialize_by_alias=True, json_schema_serialization_defaults_required=True)

    at: Time
    from_: LessonState | None = Field(alias="from")
    to: LessonState
    actor: str
    reason: str


class LessonDetailAnswer(LessonAnswer):
    participants: list[ParticipantAnswer]
    evidence: Evidence | None
    policy_rules: CreditingPolicy | None
    credits: list[LedgerAnswer]
    reasons: list[ReasonAnswer]
    events: list[LessonEventAnswer]


class CreditRequest(BaseModel):
    school_id: Id
    reason: Reason


class ReverseRequest(BaseModel):
    reason: Reason
