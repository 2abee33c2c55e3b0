"""Cursors of lists: the sort key of a page's last row, opaque to the caller."""

from __future__ import annotations

import base64
import binascii
import json
import math

from .errors import Invalid

MAX_LIMIT = 500


def write_cursor(at: float, row_id: str) -> str:
    """The cursor after a row with that sort key."""
    return base64.urlsafe_b64encode(json.dumps([at, row_id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[float, str] | None:
    """The sort key a cursor names. Raises Invalid."""
    if not cursor:
        return None
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(at, int | float) and math.isfinite(at) and isinstance(row_id, str):
            return float(at), row_id
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        pass
    raise Invalid(
        "bad_cursor", "cursor 不对，请从第一页重新读取。", "The cursor is not one; start from the first page."
    )


def check_limit(limit: int) -> int:
    """1..500. Raises Invalid."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid("bad_limit", f"limit 应在 1 到 {MAX_LIMIT} 之间。", f"limit must be 1 to {MAX_LIMIT}.")
    return limit
