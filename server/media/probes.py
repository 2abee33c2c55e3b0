"""Network tests on a worker (`server.live.probe`): lessons that leave no trace and end by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.live.ports import PROBE_SECONDS, is_probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from server.media.lessons import Lesson

    Emit = Callable[[str, dict[str, Any]], None]


def untraced(emit: Emit) -> Emit:
    """`emit`, silent about network tests: they are in no database."""

    def told(type: str, body: dict[str, Any]) -> None:
        if not is_probe(str(body.get("lesson_id", ""))):
            emit(type, body)

    return told


def over(lessons: Iterable[Lesson], now: float) -> list[str]:
    """The tests whose time is up (monotonic `now`)."""
    return [each.id for each in lessons if is_probe(each.id) and now >= each.opened_at + PROBE_SECONDS]
