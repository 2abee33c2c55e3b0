"""Reports that were sent: figures and files as they left, with a digest; a correction is a new version. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Scope


class FileKind(StrEnum):
    """The files a report is sent as."""

    XLSX = "xlsx"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class SentLine:
    """What a list shows of a sent report. `note`: to whom; `correction`: what is put right (from version 2 on)."""

    id: str
    scope: Scope
    scope_id: str
    month: str
    version: int
    at: float
    actor_id: str
    actor_name: str
    language: int  # of its files: 0 Chinese, 1 English
    about: str  # the pairing or subject in words, as it was called then
    note: str
    correction: str
    digest: str


@dataclass(frozen=True, slots=True)
class SentReport:
    """A sent report. `figures`: the JSON of `reports.model.as_dict`; append-only in the store."""

    line: SentLine
    figures: str
    xlsx: bytes
    docx: bytes

    def file(self, kind: FileKind) -> bytes:
        """The bytes as they were sent."""
        return self.xlsx if kind is FileKind.XLSX else self.docx

    @property
    def whole(self) -> bool:
        """Whether nothing was changed since."""
        return digest_of(self.figures, self.xlsx, self.docx) == self.line.digest


def digest_of(figures: str, xlsx: bytes, docx: bytes) -> str:
    """SHA-256 over the digests of the three parts, hexadecimal."""
    parts = (figures.encode(), xlsx, docx)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def next_version(sent: Iterable[SentLine]) -> int:
    """Of a report of which these were sent."""
    return max((one.version for one in sent), default=0) + 1
