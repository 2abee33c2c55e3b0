"""A whole web application over the county in memory and a fake cluster, with a client and a login per role."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer

from server.county.model import TokenRole
from server.county.services import build_services
from server.live.ice_servers import IceServers
from server.live.materials import MaterialFiles
from server.live.notices import LiveNotices
from server.live.parts import LiveParts
from server.live.recordings import Objects, RecordingFiles
from server.live.tokens import MediaTokens
from server.live.wall import WallPictures
from server.web.app import build_app
from server.web.context import CONTEXT, Context
from tests.fakes.cluster import FakePlane, MemoryBus, MemoryEvents, MemoryJobs, MemoryRooms
from tests.fakes.county import ADMIN, KEY, County, county_config, make_county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.county.model import Lesson, MediaGrant

SECRET = "a secret for tests that is long enough"
RELAYS = ("turn:relay.example:3478", "turns:relay.example:443?transport=tcp")
USERNAMES = {"admin": "admin", "researcher": "shanzhiming", "teacher": "shiyan"}
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:clnt\r\na=ice-pwd:cccccccccccccccccccccccc\r\n"


@dataclass
class FakeSettings:
    client_dist: Path
    secure: bool = False
    video_codecs: tuple[str, ...] = ("h264", "vp9", "vp8")


@dataclass
class FakeSystem:
    """`server.web.context.System`, set by the test."""

    version: str = "0.1.0"
    started_at: float = 0.0
    wrong: dict[str, str] = field(default_factory=dict)
    audits: list[str] = field(default_factory=list)

    async def database(self) -> str | None:
        return self.wrong.get("database")

    async def redis(self) -> str | None:
        return self.wrong.get("redis")

    async def recorder_alive(self) -> bool:
        return "recorder" not in self.wrong

    async def queue(self) -> int:
        return 0

    async def start_audit(self, by: str, key: str | None = None) -> None:
        self.audits.append(by)

    async def disk(self) -> tuple[int, int]:
        return 10, 100


@dataclass
class Looks:
    """`server.live.wall.WallWish`: how often somebody looked."""

    count: int = 0

    async def look(self) -> None:
        self.count += 1


@dataclass
class Site:
    county: County
    plane: FakePlane
    rooms: MemoryRooms
    bus: MemoryBus
    events: MemoryEvents
    jobs: MemoryJobs
    tokens: MediaTokens
    system: FakeSystem
    settings: FakeSettings
    recordings: Path
    client: TestClient[Any, Any]
    logins: dict[str, str]

    @property
    def context(self) -> Context:
        return self.client.app[CONTEXT]

    def auth(self, role: str | None) -> dict[str, str]:
        """Headers of somebody logged in with this role."""
        return {} if role is None else {"Authorization": f"Bearer {self.logins[role]}"}

    async def call(self, method: str, path: str, role: str | None = "admin", **more: Any) -> Any:
        headers = self.auth(role) | more.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **more)

    async def lesson(self, *, live: bool = False, **changes: object) -> Lesson:
        lesson = await self.county.lesson(**changes)
        return await self.county.services.lessons.start(ADMIN, lesson.id) if live else lesson

    async def grant(self, lesson_id: str, role: str, school_id: str | None = None) -> MediaGrant:
        return await self.county.services.lessons.grant(ADMIN, lesson_id, TokenRole(role), school_id)

    async def media(self, lesson_id: str, role: str, school_id: str | None = None) -> str:
        """A media token."""
        return self.tokens.sign(await self.grant(lesson_id, role, school_id))

    async def whip(self, path: str, token: str, offer: str = OFFER, **headers: str) -> Any:
        return await self.client.post(
            path, data=offer, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"} | headers
        )


@asynccontextmanager
async def open_site(folder: Path, objects: Objects | None = None) -> AsyncIterator[Site]:
    county = await make_county()
    plane, rooms, bus, events, jobs = FakePlane(), MemoryRooms(), MemoryBus(), MemoryEvents(), MemoryJobs()
    services = build_services(
        store=county.store,
        hasher=county.hasher,
        notices=LiveNotices(bus, plane),
        config=county_config(),
        now=county.clock,
        key=KEY,
    )
    county.services = services
    tokens = MediaTokens(SECRET, county.clock)
    system, settings = FakeSystem(), FakeSettings(folder / "dist")
    recordings = folder / "recordings"
    wall = Looks()
    app = build_app(
        settings,
        services,
        LiveParts(
            plane,
            rooms,
            bus,
            events,
            jobs,
            tokens,
            IceServers(RELAYS, "hush", 3600, county.clock),
            wall,
            WallPictures(folder / "wall"),
        ),
        RecordingFiles(recordings, objects),
        system,
        county.clock,
        materials_files=MaterialFiles(folder / "materials"),
    )
    logins: dict[str, str] = {}
    secrets = {account.username: account.secret for account in county.accounts}
    for role, username in USERNAMES.items():
        _, logins[role] = await services.accounts.login(username, secrets[username], "192.0.2.9")
    devices = await services.accounts.list_devices(ADMIN)
    screen = next(device for device in devices if device.school_id == "s02")
    _, logins["device"] = await services.accounts.redeem(
        await services.accounts.new_code(ADMIN, screen.id), "192.0.2.9"
    )
    async with TestClient(TestServer(app)) as client:
        yield Site(county, plane, rooms, bus, events, jobs, tokens, system, settings, recordings, client, logins)
