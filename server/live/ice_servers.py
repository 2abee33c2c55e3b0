"""Relays (TURN) for who cannot reach the media port, with credentials that end by themselves.

The credentials follow draft-uberti-behave-turn-rest-00, as coturn's `use-auth-secret` checks them: the user name is
`{expiry}:{name}`, the password Base64(HMAC-SHA1(secret, user name)). The relay and this server share only the secret.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A name inside a TURN user name: "@" and ":" mean something to relays, quotes and spaces to header fields.
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Relays:
    """What one page gets: addresses, credentials, and until when (Unix s) they open a relay. Never log these."""

    urls: tuple[str, ...]
    username: str
    credential: str
    expires_at: float

    def links(self) -> list[str]:
        """`Link` header values of a WHIP or WHEP answer (RFC 9725 section 4.6)."""
        return [
            f'<{url}>; rel="ice-server"; username="{self.username}"; credential="{self.credential}"; '
            'credential-type="password"'
            for url in self.urls
        ]


class IceServers:
    """Hands out credentials. Without `urls` or `secret` there are no relays, and pages do without."""

    def __init__(self, urls: Sequence[str], secret: str, lifetime: float, now: Callable[[], float]) -> None:
        self._urls = tuple(urls) if secret else ()
        self._secret = secret.encode()
        self._lifetime = lifetime
        self._now = now

    def relays_for(self, name: str) -> Relays:
        """Relays for a participant or an account; `urls` is empty where none are configured."""
        expires = int(self._now() + self._lifetime)
        username = f"{expires}:{_PLAIN.sub('-', name)}"
        digest = hmac.digest(self._secret, username.encode(), "sha1")
        return Relays(self._urls, username, base64.b64encode(digest).decode(), float(expires))
