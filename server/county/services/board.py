"""The year's board: what each school has been credited, against its targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Actor
    from ..policies import CountyConfig
    from ..ports import Clock, UnitsOfWork
    from ..views import Board


class Boards:
    """Reads only."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._config = config
        self._now = now

    async def board(self, actor: Actor, year: int | None = None) -> Board:
        """`year` None: this year in the county's own time. A teacher sees the own school and those paired with it. Raises Forbidden, Invalid."""
        ...
