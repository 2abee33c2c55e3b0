"""How much of what makes a lesson worth a second look: `config/honesty.toml`, each number with its reason there."""

from __future__ import annotations

from dataclasses import dataclass

from .config import count, only_table, positive, share


@dataclass(frozen=True, slots=True)
class HonestyPolicy:
    """Shares 0..1, times in seconds."""

    picture: float
    nobody_share: float
    still_share: float
    loop: float
    loop_share: float
    copy: float
    muted: float
    muted_live: float
    at_once: float
    idle: float
    clock: float
    line: float
    line_lessons: int
    line_known: float


def parse_honesty(text: str, file: str = "honesty.toml") -> HonestyPolicy:
    """Raises ConfigError."""
    table = only_table(text, file, "honesty")
    policy = HonestyPolicy(
        picture=table.get("picture_minutes", positive) * 60,
        nobody_share=table.get("nobody_share", share),
        still_share=table.get("still_share", share),
        loop=table.get("loop_minutes", positive) * 60,
        loop_share=table.get("loop_share", share),
        copy=table.get("copy_minutes", positive) * 60,
        muted=table.get("muted_seconds", positive),
        muted_live=table.get("muted_live_minutes", positive) * 60,
        at_once=table.get("at_once_minutes", positive) * 60,
        idle=table.get("idle_minutes", positive) * 60,
        clock=table.get("clock_seconds", positive),
        line=table.get("line_hours", positive) * 3600,
        line_lessons=table.get("line_lessons", count),
        line_known=table.get("line_days", positive) * 86_400,
    )
    table.done()
    return policy
