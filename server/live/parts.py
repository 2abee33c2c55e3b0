"""What the web needs of a lesson in progress, in one bundle that bootstrap fills."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .ice_servers import IceServers
from .ingest import IngestDesk
from .wall import NobodyLooks, WallPictures

if TYPE_CHECKING:
    from .ports import Bus, EventSource, Jobs, MediaPlane, RoomState
    from .tokens import MediaTokens
    from .wall import WallWish


@dataclass(frozen=True, slots=True)
class LiveParts:
    """`events` None: this web process does not pump events (another one does)."""

    plane: MediaPlane
    rooms: RoomState
    bus: Bus
    events: EventSource | None
    jobs: Jobs
    tokens: MediaTokens
    ice: IceServers = field(default_factory=lambda: IceServers((), "", 0.0, time.time))  # no relays
    wall: WallWish = field(default_factory=NobodyLooks)
    pictures: WallPictures = field(default_factory=WallPictures)
    ingest: IngestDesk = field(default_factory=IngestDesk)  # nothing may be pulled
