"""SHA-256 of secrets that are random themselves (tokens, codes): a table that leaks opens no session."""

from __future__ import annotations

import hashlib
import secrets


def hash_secret(secret: str) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    """A session token: 256 random bits, base64url."""
    return secrets.token_urlsafe(32)
