"""Byte ranges and conditional requests (RFC 9110, sections 13 and 14) for one representation. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to answer: 200, 206 with bytes [start, end), 304, or 416."""

    status: int
    start: int
    end: int


def plan(headers: Mapping[str, str], length: int, etag: str) -> Plan:
    """`etag` unquoted, strong. Several ranges are answered with everything, as a server may."""
    if _matches(headers.get("If-None-Match"), etag):
        return Plan(304, 0, 0)
    found = _RANGE.fullmatch(headers.get("Range", ""))
    condition = headers.get("If-Range")
    if found is None or (condition is not None and condition.strip() != f'"{etag}"'):
        return Plan(200, 0, length)
    first, last = found.groups()
    if not first and not last:
        return Plan(200, 0, length)
    if not first:  # the last n bytes
        start, end = max(0, length - int(last)), length
    else:
        start, end = int(first), min(length, int(last) + 1) if last else length
        if last and int(last) < start:
            return Plan(200, 0, length)  # not a valid range: ignored
    if start >= end or start >= length:
        return Plan(416, 0, 0)
    return Plan(206, start, end)


def _matches(header: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]
    return f'"{etag}"' in tags or "*" in tags
