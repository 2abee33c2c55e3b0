"""application/trickle-ice-sdpfrag (RFC 8840 section 9) as WHIP PATCH carries it (RFC 9725 section 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket
from server.wire.sdp.answer import candidate_lines
from server.wire.sdp.offer import credentials_untrusted, sections_untrusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Fragment:
    """ICE credentials (new ones mean a restart) and candidates. An ICE-lite agent needs none of the latter."""

    ufrag: str
    pwd: str
    mids: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()  # as written, without "a="
    end_of_candidates: bool = False


def parse_fragment_untrusted(text: str) -> Fragment:
    """A client's fragment. Raises BadPacket (also without credentials: RFC 8840 section 9 demands them)."""
    sections = sections_untrusted(text)
    attributes = [pair for _, section in sections for pair in section]
    first = dict(reversed(attributes))
    if "ice-ufrag" not in first or "ice-pwd" not in first:
        raise BadPacket("no ICE credentials")
    ufrag, pwd = credentials_untrusted(first["ice-ufrag"], first["ice-pwd"])
    return Fragment(
        ufrag,
        pwd,
        tuple(value for name, value in attributes if name == "mid"),
        tuple(f"candidate:{value}" for name, value in attributes if name == "candidate"),
        "end-of-candidates" in first,
    )


def build_fragment(
    ufrag: str, pwd: str, candidates: Iterable[tuple[str, int]] = (), mids: Sequence[str] = ("0",), kind: str = "audio"
) -> str:
    """Our answer to a restart: new credentials and the same candidates."""
    lines = ["a=ice-lite", "a=ice-options:ice2"]
    if len(mids) > 1:
        lines.append("a=group:BUNDLE " + " ".join(mids))
    lines += [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF 0",
        f"a=mid:{mids[0]}",
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        *candidate_lines(candidates),
        "a=end-of-candidates",
    ]
    return "\r\n".join([*lines, ""])
