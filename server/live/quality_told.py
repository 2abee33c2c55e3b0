"""The room's newest look as a message, for who may see what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import quality as q
from .messages import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping


def told_of(fields: Mapping[str, str], now: float) -> tuple[Quality | None, Quality | None]:
    """The newest look as (others, observers) may see it; None when there is none that tells of now."""
    seen = q.fresh(q.read_snapshot(fields.get(q.FIELD)), now)
    if seen is None:
        return None, None
    claims = q.read_claims(fields, now)
    shown = q.public(seen)
    others = [claim for claim in claims if not q.observes(claim.participant_id)]
    return (
        Quality(at=seen.at, rows=shown.rows, claims=others, notes=shown.notes),
        Quality(at=seen.at, rows=seen.rows, claims=claims, notes=seen.notes),
    )
