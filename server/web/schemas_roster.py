"""What strangers send and get about the roster as it is edited, and its workbook."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from .schemas import Answer, DeviceAnswer, Id, Problem, Time

Text = Annotated[str, StringConstraints(max_length=1000)]
Value = Text | int | list[Annotated[str, StringConstraints(max_length=200)]] | None
Version = Annotated[int, Field(ge=1)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.\-\[\]:]{1,200}$")]


class StaleProblem(Problem):
    """409 `stale`: somebody else changed it first; `current` is what is stored now."""

    current: dict[str, Any]


class Choice(Answer):
    value: str
    title: str
    title_en: str


class FieldAnswer(Answer):
    """One field of a kind. `of`: the kind a reference points to."""

    key: str
    type: Literal["text", "username", "whole", "date", "choice", "names", "ref"]
    title: str
    title_en: str
    required: bool
    most: int
    choices: list[Choice]
    of: str
    help: str
    help_en: str


class KindAnswer(Answer):
    """A kind of roster entry, for the page that edits it."""

    name: str
    title: str
    title_en: str
    fields: list[FieldAnswer]


class EntryAnswer(Answer):
    """`values` by field key (references are ids, dates `2026-09-01`); `labels`: the references in words."""

    id: str
    kind: str
    version: int
    archived: bool
    values: dict[str, Value]
    labels: dict[str, str]


class EntryCreate(BaseModel):
    values: dict[str, Value]


class EntryUpdate(BaseModel):
    """Fields that are not named stay. `version`: the one the change is based on; another is 409 with `current`."""

    version: Version
    values: dict[str, Value]


class EntryVersion(BaseModel):
    version: Version


class CellProblemAnswer(Answer):
    """What is wrong in a workbook, where, and how to mend it."""

    sheet: str
    cell: str
    text: str
    text_en: str
    fix: str
    fix_en: str
    warning: bool


class ImportedRow(Answer):
    sheet: str
    row: int
    action: Literal["create", "update"]
    title: str
    fields: list[str]


class ImportAnswer(Answer):
    """`applied` false: nothing changed, because it was a dry run or because of the problems. `rows`: the first 500."""

    applied: bool
    possible: bool
    created: int
    updated: int
    unchanged: int
    rows: list[ImportedRow]
    problems: list[CellProblemAnswer]


class GivenPassword(Answer):
    username: str
    name: str
    school: str
    password: str


class PasswordsAnswer(Answer):
    """Passwords that are told this once. `left`: accounts still without one; ask again."""

    items: list[GivenPassword]
    left: int


class QrRequest(BaseModel):
    """`origin`: the address of the pages, as the classroom's screen reaches them."""

    device_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    origin: Origin


class QrCode(Answer):
    """A classroom's new one-time code; `svg` is the QR code of the address that redeems it."""

    device: DeviceAnswer
    code: str
    address: str
    svg: str


class QrSheet(Answer):
    expires_at: Time
    items: list[QrCode]
