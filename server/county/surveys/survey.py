"""A survey, its groups and its single-use codes. Pure.

What ties a code to an answer is never written down. A code's hash stands in the database until it is used and is then
deleted; the answer is added to the counts of its group, in rows that were there before the first answer. There is no
row per answer, and no time beside any. That a code was used is known from itself: it carries a mark that only this
installation can make.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ..ids import ALPHABET

if TYPE_CHECKING:
    from datetime import date

    from .sheet import Audience, Sheet

RANDOM, MARK = 16, 8  # characters of base32: 80 random bits, 40 bits that a guess would have to meet


class SurveyState(StrEnum):
    """Where a survey stands. Results are shown when it is closed, once and for all: no later answer can be told from
    an earlier one by looking twice.
    """

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # takes no answers, shows no results, counts nowhere; can be taken back


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey of an audience. `closes_on`: its last day, whole, on the county's clock. `closed_on`: ended early.

    `sheet`: the questions themselves, whatever later versions say.
    """

    id: str
    audience: Audience
    year: int
    title: str
    title_en: str
    sheet_number: int
    sheet: Sheet
    closes_on: date
    created_at: float
    created_by: str
    closed_on: date | None = None
    withdrawn: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Those who get codes together: a class, a school's staff, a town (`school_id` None). `issued`: codes in all."""

    id: str
    survey_id: str
    school_id: str | None
    name: str
    issued: int


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One version of an audience's sheet. Number 1 is the configuration's, of nobody."""

    audience: Audience
    number: int
    sheet: Sheet
    created_at: float
    author_id: str
    author_name: str
    note: str = ""


def state_of(survey: Survey, today: date) -> SurveyState:
    """On the county's day `today`."""
    if survey.withdrawn:
        return SurveyState.WITHDRAWN
    return SurveyState.CLOSED if survey.closed_on is not None or today > survey.closes_on else SurveyState.OPEN


def new_survey_code(key: str) -> str:
    """A code, told once. `key`: the installation's secret."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return random + _mark(random, key)


def is_ours(code: str, key: str) -> bool:
    """Whether this installation made the code, used or not."""
    random, mark = code[:RANDOM], code[RANDOM:]
    return code.isascii() and len(mark) == MARK and hmac.compare_digest(mark, _mark(random, key))


def _mark(random: str, key: str) -> str:
    digest = hmac.digest(key.encode(), b"survey code\0" + random.encode(), hashlib.sha256)
    return "".join(ALPHABET[byte & 31] for byte in digest[:MARK])
