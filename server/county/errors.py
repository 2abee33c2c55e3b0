"""What the county's services refuse, each with a code for programs and a detail for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class CountyError(Exception):
    """Base of all refusals. `code` is stable; `detail` is Chinese text a person can act on, `detail_en` the same."""

    status = 400

    def __init__(self, code: str, detail: str, detail_en: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.detail_en = detail_en or detail


class Unavailable(Exception):
    """What we stand on (database, Redis) does not answer or takes nothing: no refusal, worth trying again.

    Raised with nothing half done: what was begun is rolled back.
    """

    status = 503

    def __init__(self, code: str, detail: str, detail_en: str) -> None:
        super().__init__(detail_en)
        self.code = code
        self.detail = detail
        self.detail_en = detail_en


class Invalid(CountyError):
    """The request is not well formed or names what cannot be."""

    status = 400


class Unauthorized(CountyError):
    """Nobody, or a wrong password."""

    status = 401


class Forbidden(CountyError):
    """Known, but not allowed."""

    status = 403


class NotFound(CountyError):
    """No such thing, or not for this actor to see."""

    status = 404


class Conflict(CountyError):
    """The state does not allow it: an illegal transition (both states in the text) or a stale version."""

    status = 409


class InvalidFields(Invalid):
    """Values of a form that cannot be kept: each field with what is wrong and what to do (Chinese, English)."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(
            "invalid",
            "请更正：" + "；".join(dict.fromkeys(chinese for _, chinese, _ in problems)) + "。",
            "Please correct: " + "; ".join(dict.fromkeys(english for _, _, english in problems)) + ".",
        )
        self.problems = tuple(problems)


class Stale(Conflict):
    """Somebody else changed it first. `current`: what is stored now, for the caller to compare and decide."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        super().__init__(
            "stale",
            "刚才有人改过这一条，您的修改还没有保存。请比较两边的值再决定。",
            "Somebody changed this entry just now; your change is not saved. Compare both and decide.",
        )
        self.current = dict(current)


class TooMany(CountyError):
    """Slow down; `retry_after` seconds."""

    status = 429

    def __init__(self, code: str, detail: str, detail_en: str, retry_after: float) -> None:
        super().__init__(code, detail, detail_en)
        self.retry_after = retry_after
