"""Media tokens: a JWT (HS256) that says one lesson, one participant, until when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt

from server.county.model import MediaGrant, TokenRole

if TYPE_CHECKING:
    from collections.abc import Callable

# Audience and issuer keep the token from being taken for anything else signed with the same secret.
ISSUER = "tongke"
AUDIENCE = "tongke-media"
ALGORITHM = "HS256"
# Longest token worth looking at: ours are about 400 characters.
LONGEST = 4096


class BadToken(ValueError):
    """Not a media token of ours, or no longer."""


class MediaTokens:
    """Signs and reads media tokens. `secret`: at least 32 bytes, the same for every web process."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        if len(secret.encode()) < 32:
            raise ValueError("the media token secret must have at least 32 bytes")
        self._secret = secret
        self._now = now

    def sign(self, grant: MediaGrant) -> str:
        """The grant as a token."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": grant.participant_id,
            "lesson": grant.lesson_id,
            "role": grant.role.value,
            "school": grant.school_id,
            "name": grant.name,
            "exp": grant.expires_at,
            "account": grant.account_id or "",
            "credential": grant.credential,
        }
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: str) -> MediaGrant:
        """The grant of a token that is ours and has not expired. Raises BadToken, nothing else."""
        if len(token) > LONGEST:
            raise BadToken("too long")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                # The clock is ours, so that tests and the server agree about now.
                options={"require": ["exp", "sub", "lesson", "role", "account"], "verify_exp": False},
            )
            grant = MediaGrant(
                lesson_id=str(claims["lesson"]),
                participant_id=str(claims["sub"]),
                role=TokenRole(claims["role"]),
                school_id=claims.get("school"),
                name=str(claims.get("name", "")),
                expires_at=float(claims["exp"]),
                account_id=str(claims["account"]) or None,
                credential=str(claims.get("credential", "")),
            )
        except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
            raise BadToken(type(error).__name__) from None
        if grant.expires_at <= self._now():
            raise BadToken("expired")
        return grant
