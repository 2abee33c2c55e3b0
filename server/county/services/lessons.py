"""Lessons: scheduling, their life, who may be what in them, and what the media plane and the recorder report of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Actor, FlowRow, Lesson, LessonState, MediaGrant, Page, TokenRole
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, UnitsOfWork
    from ..views import LessonDetail, LessonExtras
    from .crediting import Crediting


class Lessons:
    """Every method that takes an actor checks its permission; a lesson one may not see is NotFound."""

    def __init__(
        self, store: UnitsOfWork, notices: LessonNotices, config: CountyConfig, crediting: Crediting, now: Clock
    ) -> None:
        self._store = store
        self._notices = notices
        self._config = config
        self._crediting = crediting
        self._now = now

    async def create(
        self,
        actor: Actor,
        *,
        pairing_id: str,
        subject_id: str,
        topic: str,
        starts_at: float,
        planned_minutes: int,
        teacher_id: str | None = None,
        receiving_school_ids: Sequence[str] | None = None,
        policy: str = "default",
    ) -> Lesson:
        """Schedule a lesson. A teacher's own lesson is taught by that teacher. Raises Invalid (field and allowed values in the text), Forbidden."""
        ...

    async def get(self, actor: Actor, lesson_id: str) -> Lesson:
        """Raises NotFound."""
        ...

    async def list(
        self,
        actor: Actor,
        *,
        states: Sequence[LessonState] = (),
        school_id: str | None = None,
        subject_id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        order: str = "-starts_at",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Lesson]:
        """Only what the actor may see; `since` <= starts_at < `until`; order `starts_at` or `-starts_at`. Raises Invalid."""
        ...

    async def extras(self, lessons: Sequence[Lesson]) -> dict[str, LessonExtras]:
        """Teacher's name, recording id and reason for each lesson of a list, by lesson id."""
        ...

    async def detail(self, actor: Actor, lesson_id: str) -> LessonDetail:
        """Raises NotFound."""
        ...

    async def update(self, actor: Actor, lesson_id: str, version: int, **changes: Any) -> Lesson:
        """While scheduled: topic, subject_id, starts_at, planned_minutes, teacher_id. Raises Conflict (stale, or not scheduled), Invalid, Forbidden, NotFound."""
        ...

    async def start(self, actor: Actor, lesson_id: str) -> Lesson:
        """scheduled → live; a live lesson is answered as it is. Raises Conflict, Forbidden, NotFound."""
        ...

    async def end(self, actor: Actor, lesson_id: str) -> Lesson:
        """live → ended; a lesson past its end is answered as it is. The caller then closes its media. Raises Conflict, Forbidden, NotFound."""
        ...

    async def cancel(self, actor: Actor, lesson_id: str, reason: str) -> Lesson:
        """scheduled → cancelled; again is answered as it is. Raises Conflict, Invalid (no reason), Forbidden, NotFound."""
        ...

    async def grant(self, actor: Actor, lesson_id: str, role: TokenRole, school_id: str | None = None) -> MediaGrant:
        """What a media token for this actor says. Raises Forbidden, Conflict (lesson over), Invalid (school_id), NotFound."""
        ...

    async def publishing(self, grant: MediaGrant, source: str | None) -> tuple[Lesson, str]:
        """The lesson and the source a bearer of `grant` may publish now (`source` None: its main one).

        A teacher's grant starts a scheduled lesson. Raises Forbidden, Conflict (not live), NotFound.
        """
        ...

    async def playing(self, grant: MediaGrant, source: str | None) -> tuple[Lesson, str]:
        """The lesson and the source to play (None: `teacher`). Raises Invalid (no such source here), Conflict (over), NotFound."""
        ...

    async def record_flow(self, rows: Sequence[FlowRow]) -> None:
        """Merge measured flow, durably; the same rows again change nothing that counts."""
        ...

    async def participant_seen(
        self, lesson_id: str, participant_id: str, role: TokenRole, school_id: str | None, name: str
    ) -> None:
        """Somebody joined the room or the media. Unknown lessons are ignored."""
        ...

    async def recording_opened(self, lesson_id: str) -> None:
        """The recorder writes this lesson."""
        ...

    async def recording_closed(self, lesson_id: str) -> Lesson | None:
        """ended → recorded. The caller queues the verification. None: no such lesson."""
        ...

    async def verified(self, lesson_id: str, report: dict[str, Any]) -> Lesson | None:
        """Keep the report (docs/protocols.md, section 5); → verified. The caller runs the crediting. None: no such lesson."""
        ...

    async def sweep(self) -> list[str]:
        """Marks missed lessons, ends abandoned ones at the last media seen, settles what a crash left; runs crediting that is due.

        Answers the lessons whose verification must be queued. Ended ones are told through `lesson_changed`
        (state `ended`): their media is to be closed then. Safe to call from several processes.
        """
        ...
