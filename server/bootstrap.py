"""The one place where objects meet: the web process, the media worker, and what the command line does by itself.

Each function imports its own world when it is called: a media worker never loads SQLAlchemy, a web process no DTLS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import signal
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from server.live.ingest import IngestDesk
from server.settings import Settings, SettingsError, secret_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    import redis.asyncio as aioredis
    from aiohttp import web
    from pydantic import SecretStr

    from server.cluster.queue import HueyJobs
    from server.county.audit.findings import Difference
    from server.county.ports_evaluation import AuditRun
    from server.county.services import Services
    from server.live.parts import LiveParts
    from server.store import Argon2Hasher, Database

log = logging.getLogger("tongke.bootstrap")

# How long requests under way may take once the web process is told to end (s).
WEB_GRACE = 1.0
# A session made by `tongke token` lasts as long as one made by logging in (s).
SESSION_LIFETIME = 12 * 3600.0


async def run_worker(settings: Settings, name: str) -> None:
    """Media worker `name` until SIGTERM."""
    from server.cluster.connection import connect
    from server.media.worker import run

    redis = connect(settings.redis_url)
    try:
        await run(
            name=name,
            redis=redis,
            media_port=settings.media_port + _number(name),
            media_hosts=list(settings.media_hosts),
            tap_path=str(settings.tap_path),
            link_path=str(settings.run_dir / f"{name}.sock"),
            stop=_until_signal(),
        )
    finally:
        await redis.aclose()


async def run_ingest(settings: Settings) -> None:
    """The ingest process until SIGTERM."""
    from server.cluster.bus import RedisBus
    from server.cluster.connection import connect
    from server.cluster.ingests import RedisIngests
    from server.ingest.service import IngestService
    from server.supervisor_screen import own_url

    stop = _until_signal()
    redis = connect(settings.redis_url)
    service = IngestService(RedisIngests(redis), RedisBus(redis), own_url(settings))
    running = asyncio.create_task(service.run(), name="ingest")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (running, stopping):
            task.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        await redis.aclose()


async def run_web(settings: Settings) -> None:
    """The web process until SIGTERM. Raises SettingsError."""
    from aiohttp import web

    stop = _until_signal()
    async with AsyncExitStack() as stack:
        database, hasher = await _open_store(settings, stack)
        await _first_start(settings, database, hasher)
        app = await _web_app(settings, stack, database, hasher)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=WEB_GRACE, handle_signals=False)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings))
        await site.start()
        log.info("web serves %s port %d", settings.host, settings.port)
        await stop.wait()


async def _web_app(
    settings: Settings, stack: AsyncExitStack, database: Database, hasher: Argon2Hasher
) -> web.Application:
    from server.live.materials import MaterialFiles
    from server.live.recordings import RecordingFiles
    from server.objects import S3Objects
    from server.system import MachineSystem
    from server.web.app import build_app

    live, redis, jobs = _live_parts(settings, stack)
    services = _services(settings, database, hasher, live)
    system = MachineSystem(settings, version("tongke"), database, redis, jobs)
    nights = asyncio.create_task(system.audit_at_night(services.audits.due))
    stack.push_async_callback(_ended, nights)
    return build_app(
        settings,
        services,
        live,
        RecordingFiles(settings.recordings_dir, S3Objects.of(settings)),
        system,
        materials_files=MaterialFiles(settings.materials_dir),
    )


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _live_parts(settings: Settings, stack: AsyncExitStack) -> tuple[LiveParts, aioredis.Redis, HueyJobs]:
    """Everything on Redis; closed with the stack, last first."""
    from server.cluster.bus import RedisBus
    from server.cluster.connection import connect
    from server.cluster.events import RedisEventSource
    from server.cluster.ingests import RedisIngests
    from server.cluster.placement import Spread
    from server.cluster.plane import RedisMediaPlane
    from server.cluster.queue import HueyJobs
    from server.cluster.rooms import RedisRoomState
    from server.cluster.wall import RedisWall
    from server.live.ice_servers import IceServers
    from server.live.parts import LiveParts
    from server.live.tokens import MediaTokens
    from server.live.wall import WallPictures

    redis = connect(settings.redis_url)
    stack.push_async_callback(redis.aclose)
    ranges = tuple(ipaddress.ip_network(each) for each in settings.ingest_ranges)
    plane = RedisMediaPlane(redis, spread=Spread(settings.spread_load, settings.spread_players))
    stack.push_async_callback(plane.close)
    jobs = HueyJobs(settings.redis_url)
    stack.push_async_callback(jobs.close)
    parts = LiveParts(
        plane=plane,
        rooms=RedisRoomState(redis),
        bus=RedisBus(redis),
        events=RedisEventSource(redis),
        jobs=jobs,
        tokens=MediaTokens(secret_of(settings.data)),
        ice=IceServers(settings.turn_urls, _text(settings.turn_secret), settings.turn_ttl, time.time),
        wall=RedisWall(redis),
        pictures=WallPictures(settings.run_dir / "wall"),
        ingest=IngestDesk(RedisIngests(redis), ranges),
    )
    return parts, redis, jobs


def _services(settings: Settings, database: Database, hasher: Argon2Hasher, live: LiveParts) -> Services:
    from server.county.config import ConfigError
    from server.county.services import build_services
    from server.live.notices import LiveNotices
    from server.store import read_county_config

    try:
        config = read_county_config(settings.config_dir)
    except ConfigError as error:
        raise SettingsError(str(error)) from None
    notices = LiveNotices(live.bus, live.plane)
    return build_services(
        store=database,
        hasher=hasher,
        notices=notices,
        config=config,
        now=time.time,
        steady=time.monotonic,
        key=secret_of(settings.data),
    )


async def _open_store(settings: Settings, stack: AsyncExitStack) -> tuple[Database, Argon2Hasher]:
    from server.store import Argon2Hasher, open_database

    try:
        database = await open_database(settings.database_url)
    except ValueError as error:
        raise SettingsError(f"database (TONGKE_DATABASE): {error}") from None
    stack.push_async_callback(database.close)
    return database, Argon2Hasher()


async def _first_start(settings: Settings, database: Database, hasher: Argon2Hasher) -> None:
    """Load the sample county into an empty database and hand its accounts to whoever started us."""
    from server.county.config import ConfigError
    from server.county.sample import load_sample
    from server.documents.sample import read_sample_county

    given = settings.admin_password
    try:
        county = read_sample_county(settings.config_dir / "sample-county.xlsx")
    except ConfigError as error:
        raise SettingsError(str(error)) from None
    accounts = await load_sample(
        database,
        county,
        hasher,
        now=time.time(),
        admin_password=None if given is None else given.get_secret_value(),
    )
    if not accounts:
        return
    rows = [
        {"username": each.username, "role": each.role.value, "name": each.name, "school": each.school,
         "secret": each.secret} for each in accounts
    ]  # fmt: skip
    lines = [
        "# 首次启动时生成的示范账号，记下后请删除本文件。 / Sample accounts: note them, then delete this file.",
        "# 账号 username\t密码或设备码 password or code\t角色 role\t姓名 name\t学校 school",
        *("\t".join(row[key] for key in ("username", "secret", "role", "name", "school")) for row in rows),
    ]
    _write_private(settings.data / "first-accounts.txt", "\n".join(lines) + "\n")
    _write_private(settings.run_dir / "accounts.json", json.dumps(rows, ensure_ascii=False))


async def set_password(settings: Settings, username: str, password: str) -> None:
    """`tongke passwd`. Raises CountyError."""
    async with _alone(settings) as (services, _):
        await services.accounts.set_password(username, password)


async def issue_session(settings: Settings, username: str) -> str:
    """`tongke token --user`: a session token of that account. Raises CountyError."""
    from server.county.errors import NotFound
    from server.county.hashes import hash_secret, new_token
    from server.county.ports import SessionRecord

    async with _alone(settings) as (_, database), database.write() as work:
        user = await work.users.by_username(username.strip().lower())
        if user is None or user.disabled:
            raise NotFound("no_such_user", f"没有可用的账号 {username}", f"There is no usable account {username}.")
        token, now = new_token(), time.time()
        await work.sessions.add(SessionRecord(hash_secret(token), user.id, None, now, now + SESSION_LIFETIME))
    return token


async def issue_media_token(settings: Settings, lesson_id: str, role: str, school_id: str | None) -> str:
    """`tongke token --lesson`: a media token, as an administrator would get it. Raises CountyError, SettingsError."""
    from server.county.model import Actor, Role, TokenRole
    from server.live.tokens import MediaTokens

    try:
        wanted = TokenRole(role)
    except ValueError:
        raise SettingsError(f"--role {role}: 可选 / one of {', '.join(TokenRole)}") from None
    async with _alone(settings) as (services, _):
        grant = await services.lessons.grant(Actor("cli", Role.ADMIN, "tongke token"), lesson_id, wanted, school_id)
    # whoever may read the signing secret needs no account
    return MediaTokens(secret_of(settings.data)).sign(replace(grant, account_id=None))


async def audit(settings: Settings, by: str, key: str | None, told: Callable[[Difference], None]) -> AuditRun | None:
    """`tongke audit`. None: another process has the run of that key."""
    async with _alone(settings) as (services, _):
        return await services.audits.run(by, key, told)


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of all routes."""
    from server.web.openapi import openapi_document as document

    return document()


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[tuple[Services, Database]]:
    """The services without a server around them: the database is shared with one that may be running."""
    async with AsyncExitStack() as stack:
        database, hasher = await _open_store(settings, stack)
        live, _, _ = _live_parts(settings, stack)
        yield _services(settings, database, hasher, live), database


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"--tls-cert {settings.tls_cert} --tls-key {settings.tls_key}: {error}") from None
    return context


def _until_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _text(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()


def _number(worker: str) -> int:
    """Workers of one machine use ports one after the other: `w0` the configured one, `w1` the next."""
    digits = worker.removeprefix("w")
    return int(digits) if digits.isdecimal() else 0


def _write_private(path: Path, content: str) -> None:
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    part.replace(path)
