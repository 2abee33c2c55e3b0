"""`application/trickle-ice-sdpfrag` (RFC 8840) as WHIP's PATCH uses it: who sends which ICE credentials.

The server is ICE-lite and needs no candidates from clients, so only the credentials and the first media section matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# RFC 8839, section 5.4: ufrag 4 to 256, pwd 22 to 256 ice-chars.
_CHARS = r"[A-Za-z0-9+/]"
_UFRAG = re.compile(rf"{_CHARS}{{4,256}}")
_PWD = re.compile(rf"{_CHARS}{{22,256}}")
_LINE = re.compile(r"[a-z]=.*")
# A fragment with thirty candidates has 4 kB.
LONGEST = 32_768


class BadFragment(ValueError):
    """Not a trickle fragment."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """`media`: the first m-line, `mid` its id. Credentials are None when the fragment has none."""

    ufrag: str | None
    pwd: str | None
    media: str
    mid: str
    candidates: tuple[str, ...]


def parse_fragment_untrusted(text: str) -> Fragment:
    """Raises BadFragment, nothing else."""
    if len(text) > LONGEST:
        raise BadFragment(f"longer than {LONGEST} characters")
    values: dict[str, str] = {}
    candidates: list[str] = []
    for line in text.splitlines():
        if not line:
            continue
        if not _LINE.fullmatch(line):
            raise BadFragment("a line that is not `x=value`")
        name, _, value = (line[2:] if line.startswith("a=") else line).partition(":")
        if line.startswith("m="):
            values.setdefault("m", line[2:])
        elif name == "candidate":
            candidates.append(value)
        elif line.startswith("a=") and name in ("ice-ufrag", "ice-pwd", "mid"):
            values.setdefault(name, value)
    ufrag, pwd = values.get("ice-ufrag"), values.get("ice-pwd")
    if ufrag is not None and not _UFRAG.fullmatch(ufrag):
        raise BadFragment("a=ice-ufrag")
    if pwd is not None and not _PWD.fullmatch(pwd):
        raise BadFragment("a=ice-pwd")
    if ufrag is None and not candidates and "a=end-of-candidates" not in text:
        raise BadFragment("neither credentials nor candidates")
    return Fragment(
        ufrag, pwd, values.get("m", "audio 9 UDP/TLS/RTP/SAVPF 0"), values.get("mid", "0"), tuple(candidates)
    )


def build_fragment(asked: Fragment, ufrag: str, pwd: str, candidates: list[str]) -> str:
    """The answer to an ICE restart (RFC 9725, section 4.3.2): our new credentials and the same candidates."""
    lines = [
        "a=ice-lite",
        f"m={asked.media}",
        f"a=mid:{asked.mid}",
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        *(f"a=candidate:{candidate}" for candidate in candidates),
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"


def remote_ufrag(offer: str) -> str:
    """The ICE user fragment of an offer, "" if it has none."""
    found = re.search(r"^a=ice-ufrag:(\S+)\s*$", offer, re.MULTILINE)
    return found[1] if found else ""


def candidates_of(answer: str) -> list[str]:
    """The candidates in our answer, each once, in order."""
    return list(dict.fromkeys(re.findall(r"^a=candidate:(.*?)\s*$", answer, re.MULTILINE)))
