"""Simulcast in SDP (RFC 8853): which streams of an m-line a client offers to send, named by rid (RFC 8851)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_RIDS = 4  # streams of one m-line; browsers send three

# RFC 8851 section 10; 16 bytes are what a one-byte header extension holds (RFC 8285 section 4.2)
_RID = re.compile(r"[A-Za-z0-9_-]{1,16}")

Attributes = list[tuple[str, str]]


def parse_simulcast(attributes: Attributes) -> dict[str, frozenset[int]]:
    """{rid: payload types it is bound to, none: any} of the streams on offer, in the offer's order.

    A paused stream (`~`) counts, of alternatives (`,`) the first that is declared; what we cannot read is left out.
    """
    declared = _declared(attributes)
    listed = next((value for name, value in attributes if name == "simulcast"), "")
    found: dict[str, frozenset[int]] = {}
    for stream in _send_list(listed):
        rid = next((each for each in (name.lstrip("~") for name in stream.split(",")) if each in declared), None)
        if rid is not None and len(found) < MOST_RIDS:
            found[rid] = declared[rid]
    return found


def usable(rids: Mapping[str, frozenset[int]], payload_types: Iterable[int]) -> tuple[str, ...]:
    """The rids that may carry one of these payload types."""
    wanted = frozenset(payload_types)
    return tuple(rid for rid, bound in rids.items() if not bound or bound & wanted)


def answer_lines(rids: tuple[str, ...]) -> list[str]:
    """What an answer says to take those streams (RFC 8853 section 5.3.2)."""
    if not rids:
        return []
    return [*(f"a=rid:{rid} recv" for rid in rids), "a=simulcast:recv " + ";".join(rids)]


def _declared(attributes: Attributes) -> dict[str, frozenset[int]]:
    declared: dict[str, frozenset[int]] = {}
    for name, value in attributes:
        rid, _, rest = value.partition(" ")
        direction, _, restrictions = rest.strip().partition(" ")
        if name == "rid" and direction == "send" and _RID.fullmatch(rid):
            declared.setdefault(rid, _payload_types(restrictions))
    return declared


def _payload_types(restrictions: str) -> frozenset[int]:
    for restriction in restrictions.split(";"):
        key, _, value = restriction.strip().partition("=")
        if key == "pt":
            numbers = value.split(",")
            if not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in numbers):
                raise BadPacket("impossible payload types of a rid")
            return frozenset(int(each) for each in numbers)
    return frozenset()


def _send_list(value: str) -> list[str]:
    """The streams behind "send": the attribute may list both directions."""
    words = value.split()
    return next((streams.split(";") for word, streams in pairwise(words) if word == "send"), [])
