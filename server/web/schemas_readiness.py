"""Readiness: the standard, classrooms' own checks, and the county's list."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, WithJsonSchema

from server.county.readiness.standard import Item  # noqa: TC001 - pydantic reads the annotations

from .schemas import Answer, Time

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Level = Annotated[float, Field(ge=-200, le=200, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Way = Annotated[str, StringConstraints(max_length=20)]


class StandardAnswer(Answer):
    """`config/readiness.toml`."""

    version: str
    min_width: int
    min_height: int
    min_frame_rate: float
    min_brightness: float
    min_microphone_db: float
    min_speaker_margin_db: float
    max_echo_db: float
    min_up_kbps: float
    min_down_kbps: float
    max_loss: float
    max_round_trip_ms: float
    min_seconds: float


class FiguresBody(BaseModel):
    """What a page measured; null: none of it. `seconds`: over which the network was. `way`: udp, tcp, turnUdp, …"""

    width: Annotated[int, Field(ge=0, le=20_000)] | None
    height: Annotated[int, Field(ge=0, le=20_000)] | None
    frame_rate: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None
    brightness: Annotated[float, Field(ge=0, le=255, allow_inf_nan=False)] | None
    microphone_db: Level | None
    speaker_db: Level | None
    heard: bool
    echo_db: Level | None
    up_kbps: Rate | None
    down_kbps: Rate | None
    loss: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None
    round_trip_ms: Annotated[float, Field(ge=0, le=600_000, allow_inf_nan=False)] | None
    seconds: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]
    way: Way


class ReadinessCheckRequest(BaseModel):
    """`room`: the classroom's name, of a teacher's check; a screen has its own."""

    room: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    figures: FiguresBody


class ReadinessCheckAnswer(Answer):
    """`failed`: what did not meet the standard of that version; [] is ready."""

    id: str
    school_id: str
    room_name: str
    by_device: bool
    at: Time
    day: Day
    by: str
    standard: str
    figures: FiguresBody
    failed: list[Item]


class ReadyRoomAnswer(Answer):
    """A classroom: its newest check, and the day it first met the standard."""

    room: str
    name: str
    by_device: bool
    last: ReadinessCheckAnswer | None
    first_met: Day | None


class SchoolReadinessAnswer(Answer):
    """`met_on`: the earlier of `checked_on` (its classrooms) and `accepted_on` (a certificate). `entry_id`: the roster
    entry of kind `readiness` that holds what is registered; null: there is none.
    """

    school_id: str
    school_name: str
    school_name_en: str
    kind: str
    paired: bool
    rooms: list[ReadyRoomAnswer]
    checked_on: Day | None
    accepted_on: Day | None
    met_on: Day | None
    equipment_source: str
    space_opened_on: Day | None
    space_address: str
    entry_id: str | None


class AgreementAnswer(Answer):
    """A pairing and its registered agreement (`entry_id` null: none), and its scan (`file_url` null: none)."""

    pairing_id: str
    number: int
    supporting_school_id: str
    receiving_school_id: str
    agreement_number: str
    signed_on: Day | None
    file_name: str
    file_url: str | None
    entry_id: str | None


class SmallSchoolAnswer(Answer):
    entry_id: str
    name: str
    school_id: str | None
    paired: bool
    merged_in: int | None
    without_pupils: bool
    source: str


class ReadinessAnswer(Answer):
    standard: StandardAnswer
    schools: list[SchoolReadinessAnswer]
    agreements: list[AgreementAnswer]
    small_schools: list[SmallSchoolAnswer]
