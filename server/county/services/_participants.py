"""Who took part in a lesson, and for how many seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..evidence import Seconds
from ..model import TokenRole
from ..views import ParticipantSeconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import FlowRow
    from ..ports import ParticipantRecord


def participants_of(
    known: Sequence[ParticipantRecord], rows: Sequence[FlowRow], *, with_observers: bool
) -> tuple[ParticipantSeconds, ...]:
    """In the order in which they came. Observers are told of only to those who observe themselves."""
    return tuple(
        ParticipantSeconds(
            participant_id=one.participant_id,
            role=one.role,
            school_id=one.school_id,
            name=one.name,
            seconds_in=len(Seconds.of(rows, participant_id=one.participant_id, direction="in")),
            seconds_out=len(Seconds.of(rows, participant_id=one.participant_id, direction="out")),
        )
        for one in known
        if with_observers or one.role is not TokenRole.OBSERVER
    )
