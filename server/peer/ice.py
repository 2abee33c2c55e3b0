"""The ICE-lite agent (RFC 8445 section 2.5): answers connectivity checks and follows the nomination.

The other side is always controlling. It does all the checking; we know it is still there, and wants our media,
while its authenticated checks keep coming (RFC 7675).
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.wire import stun
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MAX_PATHS = 32  # authenticated paths remembered; a browser with many interfaces against many addresses uses about 20
SOFTWARE = b"tongke"
_USERNAME = stun.USERNAME.to_bytes(2)


def new_credentials() -> tuple[str, str]:
    """(ufrag, pwd): 48 and 144 bits of the system's randomness (RFC 8445 section 5.3 asks for 24 and 128)."""
    # ice-char has no "-" and "_"; hex digits are both unambiguous in logs and allowed
    return secrets.token_hex(6), secrets.token_hex(18)


def username_of(data: bytes) -> str | None:
    """The USERNAME ("local_ufrag:remote_ufrag") of a STUN request, for routing only: nothing is authenticated."""
    if data[20:22] == _USERNAME:  # where browsers put it: the message will be parsed once, by its session
        length = data[22] << 8 | data[23] if len(data) >= 24 else 0
        return data[24 : 24 + length].decode("ascii", "replace")
    try:
        message = stun.parse_untrusted(data)
        username = message.get(stun.USERNAME)
        return username.decode("ascii") if username is not None else None
    except (BadPacket, UnicodeDecodeError):
        return None


def address_of(path: Hashable) -> tuple[str, int]:
    """(host, port) of a path that ends in (…, host, port), (…, (host, port)) or (…, raw sockaddr_in/in6 bytes)."""
    last = path[-1] if isinstance(path, tuple) else path
    if isinstance(last, bytes) and len(last) in (16, 28):
        packed = last[4:8] if len(last) == 16 else last[8:24]
        return str(ipaddress.ip_address(packed)), int.from_bytes(last[2:4], "big")
    host, port = last[:2] if isinstance(last, tuple) else path[-2:]  # type: ignore[index]
    return str(host), int(port)


@dataclass(slots=True)
class _Generation:
    """One pair of credentials; an ICE restart makes a new one."""

    number: int
    local_ufrag: str
    local_pwd: bytes
    remote_ufrag: str


@dataclass(slots=True)
class IceStats:
    """What strangers sent."""

    checks: int = 0
    refused: int = 0
    malformed: int = 0


class IceLite:
    """Answers checks; knows the authenticated paths and the selected one."""

    def __init__(
        self,
        local_ufrag: str,
        local_pwd: str,
        remote_ufrag: str,
        to_address: Callable[[Hashable], tuple[str, int]] = address_of,
    ) -> None:
        self._generations = [_Generation(0, local_ufrag, local_pwd.encode(), remote_ufrag)]
        self._selected_generation = -1
        self._to_address = to_address
        self._paths: dict[Hashable, None] = {}  # in order of their newest check
        self.selected_path: Hashable | None = None
        self.last_check: float | None = None
        self.stats = IceStats()

    @property
    def local_ufrags(self) -> tuple[str, ...]:
        """The ufrags by which checks for this agent are recognised: two while a restart is under way."""
        return tuple(generation.local_ufrag for generation in self._generations)

    @property
    def newest_path(self) -> Hashable | None:
        """Where to answer while nothing is nominated: the path of the newest authenticated check."""
        return next(reversed(self._paths), None)

    def is_valid(self, path: Hashable) -> bool:
        """Whether an authenticated check came from there."""
        return path in self._paths

    def restart(self, remote_ufrag: str, local_ufrag: str, local_pwd: str) -> None:
        """New credentials (RFC 8445 section 9). Media stays on the old path until the new checks nominate one."""
        newest = self._generations[-1]
        # Of several restarts in a row only the one that carries media and the last one count.
        kept = [each for each in self._generations if each.number == self._selected_generation] or [newest]
        self._generations = [
            *kept[-1:],
            _Generation(newest.number + 1, local_ufrag, local_pwd.encode(), remote_ufrag),
        ]

    def adopt(self, path: Hashable) -> None:
        """The peer was seen at `path` by other proof than a check: a NAT gave it a new address.

        It is selected until the next nomination, by whichever generation carries media; consent is not renewed.
        """
        self._remember(path)
        self.selected_path = path

    def receive(self, data: bytes, path: Hashable, now: float) -> bytes | None:
        """Take one STUN datagram, give the answer for the same path, or None. Never raises on its content."""
        try:
            request = stun.parse_untrusted(data)
        except BadPacket:
            self.stats.malformed += 1
            return None
        if request.message_class != stun.REQUEST or request.method != stun.BINDING:
            return None  # indications keep a NAT open, nothing more; we send no requests, so expect no answers
        username = request.get(stun.USERNAME)
        if username is None or request.integrity_at < 0:
            return self._refuse(request, 400, "Bad Request")
        generation = self._generation_of(username)
        if generation is None or not request.check_integrity(generation.local_pwd):
            return self._refuse(request, 401, "Unauthorized")
        if unknown := request.unknown_required():
            return self._refuse_unknown(request, unknown, generation.local_pwd)
        if request.get(stun.ICE_CONTROLLED) is not None:
            # A lite agent cannot take the controlling role against a full one (RFC 8445 section 6.1.1).
            return self._refuse(request, 487, "Role Conflict", generation.local_pwd)
        return self._accept(request, path, now, generation)

    def _generation_of(self, username: bytes) -> _Generation | None:
        local = username.partition(b":")[0]
        return next((each for each in self._generations if each.local_ufrag.encode() == local), None)

    def _accept(self, request: stun.Message, path: Hashable, now: float, generation: _Generation) -> bytes:
        self.stats.checks += 1
        self.last_check = now
        self._remember(path)
        if request.get(stun.USE_CANDIDATE) is not None and generation.number >= self._selected_generation:
            self.selected_path = path
            self._selected_generation = generation.number
            self._generations = [each for each in self._generations if each.number >= generation.number]
        host, port = self._to_address(path)
        attribute = (stun.XOR_MAPPED_ADDRESS, stun.pack_xor_address(host, port, request.transaction))
        answer = stun.Message(stun.BINDING | stun.SUCCESS, request.transaction, (attribute,))
        return answer.build(generation.local_pwd)

    def _remember(self, path: Hashable) -> None:
        self._paths.pop(path, None)
        self._paths[path] = None
        while len(self._paths) > MAX_PATHS:
            oldest = next(each for each in self._paths if each != self.selected_path)
            del self._paths[oldest]

    def _refuse(self, request: stun.Message, code: int, reason: str, key: bytes | None = None) -> bytes:
        self.stats.refused += 1
        attributes = ((stun.ERROR_CODE, stun.pack_error(code, reason)), (stun.SOFTWARE, SOFTWARE))
        return stun.Message(stun.BINDING | stun.ERROR, request.transaction, attributes).build(key)

    def _refuse_unknown(self, request: stun.Message, unknown: tuple[int, ...], key: bytes) -> bytes:
        self.stats.refused += 1
        attributes = (
            (stun.ERROR_CODE, stun.pack_error(420, "Unknown Attribute")),
            (stun.UNKNOWN_ATTRIBUTES, b"".join(kind.to_bytes(2, "big") for kind in unknown)),
        )
        return stun.Message(stun.BINDING | stun.ERROR, request.transaction, attributes).build(key)
