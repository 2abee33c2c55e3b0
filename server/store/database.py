"""One database: SQLite in a file (default) or PostgreSQL by URL, behind `county.ports.UnitsOfWork`.

SQLite: WAL, synchronous=FULL (a commit is on disk when it returns), every writing transaction begins IMMEDIATE so that
two processes queue for the lock instead of failing in the middle; within a process an asyncio lock queues them first.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, make_url, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from server.county.errors import Unavailable

from .migrate import migrate
from .work import SqlUnitOfWork

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL, Connection

    from server.county.ports import UnitOfWork

log = logging.getLogger("tongke.store")

BUSY_TIMEOUT_MS = 15_000
# A database that is away, locked for too long or out of disk; asyncpg's refused connection is an OSError.
AWAY = (OperationalError, InterfaceError, PoolTimeout, OSError)
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
WRITES = "tongke_writes"  # execution option: this transaction will write


def read_url(url: str) -> URL:
    """The URL with its async driver. Raises ValueError for a database that is not supported."""
    parsed = make_url(url)
    driver = DRIVERS.get(parsed.drivername)
    if driver is None:
        raise ValueError(f"database {parsed.drivername!r} is not supported: use sqlite:///FILE or postgresql://…")
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise ValueError("a SQLite database needs a file: sqlite:////path/to/tongke.db")
    return parsed.set(drivername=driver)


def create_engine(url: str) -> AsyncEngine:
    """An engine; nothing is opened yet."""
    parsed = read_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True)
    engine = create_async_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  the DBAPI's own type is private
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """Units of work over one engine. Use from one event loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._writers = asyncio.Lock()

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A consistent view; whatever is written in it is rolled back. Raises Unavailable."""
        async with _told(), self.engine.connect() as connection:
            if not self._is_sqlite:  # SQLite reads from one snapshot anyway
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield SqlUnitOfWork(connection)
            await connection.rollback()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction: durable when the block has ended, rolled back if it raises. Raises Unavailable."""
        async with _told(), AsyncExitStack() as stack:
            if self._is_sqlite:
                await stack.enter_async_context(self._writers)
            connection: AsyncConnection = await stack.enter_async_context(self.engine.connect())
            await connection.execution_options(**{WRITES: True})
            async with connection.begin():
                yield SqlUnitOfWork(connection)

    async def healthy(self) -> bool:
        """Whether a question is answered."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # any driver error means the same here: no
            return False
        return True

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """The driver's troubles as Unavailable, in words: which disk is full is what an administrator has to know."""
    try:
        yield
    except AWAY as error:
        cause = str(getattr(error, "orig", None) or error).partition("\n")[0][:200]
        log.error("the database failed: %s", cause)
        if "full" in cause:
            raise Unavailable(
                "disk_full",
                "服务器的磁盘已满，什么也没有保存；请联系管理员清理磁盘后再试。",
                "The server's disk is full; nothing was saved. Ask the administrator to free space, then try again.",
            ) from error
        raise Unavailable(
            "database_away",
            "数据库暂时没有应答，什么也没有保存；请稍后再试。",
            "The database does not answer; nothing was saved. Try again in a moment.",
        ) from error


async def open_database(url: str) -> Database:
    """Open and migrate to the newest schema, under a lock: several processes may start at once.

    Raises ValueError for a bad URL.
    """
    engine = create_engine(url)
    try:
        await migrate(engine)
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine)
