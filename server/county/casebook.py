"""The casebook (典型案例集) of a year: what the county chose for it, and its chapters as they are set. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAME, MOST_PREFACE, MOST_CHAPTERS = 100, 6000, 200  # characters, characters, cases


@dataclass(frozen=True, slots=True)
class Casebook:
    """What is kept of it. `case_ids`: in their order. A version of 0 was never kept."""

    year: int
    title: str
    editor: str
    preface: str
    case_ids: tuple[str, ...]
    updated_at: float = 0.0
    changed_by: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture in a chapter: its JPEG, pixels and words below it."""

    data: bytes
    width: int
    height: int
    caption: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a chapter: its heading, its paragraphs, its pictures."""

    heading: str
    paragraphs: tuple[str, ...]
    plates: tuple[Plate, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A case as it is set. `lesson`: labelled lines about it; `recording`: the path of its page, or None."""

    title: str
    subject: str
    byline: str
    schools: str
    lesson: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    materials: tuple[str, ...]
    recording: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """The whole, ready to be set."""

    title: str
    editor: str
    date: str
    preface: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def check_book(title: str, editor: str, preface: str, case_ids: Sequence[str]) -> None:
    """Raises Invalid."""
    if not 1 <= len(title.strip()) <= MOST_NAME:
        raise Invalid(
            "bad_title", f"请写书名，最多 {MOST_NAME} 个字。", f"Give a title of at most {MOST_NAME} characters."
        )
    if len(editor) > MOST_NAME or len(preface) > MOST_PREFACE:
        raise Invalid(
            "long_preface",
            f"编者最多 {MOST_NAME} 个字，前言最多 {MOST_PREFACE} 个字。",
            f"At most {MOST_NAME} characters for the editor, {MOST_PREFACE} for the preface.",
        )
    if len(set(case_ids)) != len(case_ids) or len(case_ids) > MOST_CHAPTERS:
        raise Invalid(
            "bad_chapters",
            f"同一个案例只能放一次，最多 {MOST_CHAPTERS} 个。",
            f"Each case once, {MOST_CHAPTERS} at most.",
        )


def paragraphs(text: str) -> tuple[str, ...]:
    """A text's paragraphs: its lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
