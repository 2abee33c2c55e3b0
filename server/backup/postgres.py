"""A PostgreSQL database: every table by COPY out of one snapshot, restored in one transaction.

No program of PostgreSQL's own is needed, so a client of another version, or none, on this machine does not matter.
"""

from __future__ import annotations

import gzip
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from alembic import command
from sqlalchemy import MetaData, inspect, make_url, text

from server.store.database import create_engine
from server.store.migrate import ADVISORY_LOCK, alembic_config

from .archive import BackupError, DatabaseCopy, TableCopy
from .sqlite import FAST, compare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

VERSIONS = "alembic_version"


class NotAllowed(BackupError):
    """The role may not do it."""


def member(table: str) -> str:
    """Name of a table's rows in the archive."""
    return f"database/{table}.copy.gz"


async def take(url: str, folder: Path) -> DatabaseCopy:
    """Every table as it is at one moment, below `folder`. Raises the driver's errors, OSError."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            revision, names = await connection.run_sync(_described)
            driver = await _driver(connection)
            tables = {}
            for name, columns in names.items():
                path = folder / member(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                with gzip.open(path, "wb", compresslevel=FAST) as out:
                    status = await driver.copy_from_table(name, columns=columns, output=out)
                tables[name] = TableCopy(int(status.split()[-1]), columns)
            return DatabaseCopy("postgresql", revision, tables)
    finally:
        await engine.dispose()


class Target:
    """The database that is restored into: nothing of it is seen by others before `commit`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def others(self) -> int:
        """Other connections to this database."""
        found = await self._db.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        )
        return int(found.scalar_one())

    async def occupied(self) -> bool:
        """Whether there are tables already."""
        return bool(await self._db.run_sync(lambda sync: inspect(sync).get_table_names()))

    async def move_aside(self, name: str) -> None:
        """What is there, into a schema of that name; it can be renamed back by hand."""
        await self._db.execute(text(f'ALTER SCHEMA public RENAME TO "{name}"'))
        await self._db.execute(text("CREATE SCHEMA public"))

    async def load(self, said: DatabaseCopy, folder: Path) -> None:
        """The schema at the copy's revision, then its rows. Raises Damaged unless all are there."""
        await self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        await self._db.run_sync(_upgrade, said.revision)
        driver = await _driver(self._db)
        tables = {}
        _, names = await self._db.run_sync(_described)
        for name in names:
            columns = said.tables[name].columns if name in said.tables else []
            if columns:
                with gzip.open(folder / member(name), "rb") as rows:
                    await driver.copy_to_table(name, source=rows, columns=columns)
            counted = await self._db.execute(text(f'SELECT count(*) FROM "{name}"'))
            tables[name] = TableCopy(int(counted.scalar_one()), columns)
        await self._go_on_counting()
        compare(said, DatabaseCopy("postgresql", said.revision, tables))

    async def mark(self, mark: str) -> None:
        """Something to know the restored database by (`restored`), whatever becomes of this process."""
        await self._db.execute(text(f"COMMENT ON TABLE {VERSIONS} IS '{mark}'"))

    async def commit(self) -> None:
        """From now on it is there."""
        await self._db.commit()

    async def _go_on_counting(self) -> None:
        """Columns that number themselves go on behind their rows."""
        found = await self._db.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'"
            )
        )
        for table, column in found.all():
            await self._db.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "
                    f'coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) FROM "{table}"'
                )
            )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Target]:
    """A target; what was not committed is rolled back."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            yield Target(connection)
    finally:
        await engine.dispose()


async def restored(url: str, mark: str) -> bool:
    """Whether the restore of that mark has been committed."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(text(f"SELECT obj_description(to_regclass('{VERSIONS}'))"))
            return bool(found.scalar_one_or_none() == mark)
    finally:
        await engine.dispose()


@asynccontextmanager
async def scratch(url: str) -> AsyncIterator[str]:
    """A database beside that of `url`, dropped afterwards. Raises NotAllowed where the role may not make one."""
    name = f"tongke_verify_{os.urandom(4).hex()}"
    engine = create_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            allowed = await connection.execute(
                text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            )
            if not allowed.scalar_one():
                raise NotAllowed(
                    "数据库账号没有 CREATEDB 权限，没有试恢复：请 ALTER ROLE … CREATEDB，或在另一台上恢复一次",
                    "not tried: the database's role has no CREATEDB; grant it, or restore it once elsewhere",
                )
            await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            try:
                yield make_url(url).set(database=name).render_as_string(hide_password=False)
            finally:
                await connection.execute(text(f"DROP DATABASE {name}"))
    finally:
        await engine.dispose()


def _described(connection: Connection) -> tuple[str, dict[str, list[str]]]:
    """(revision, columns by table), a table behind those it refers to."""
    found = MetaData()
    found.reflect(connection)
    revision = str(connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar_one())
    return revision, {str(t.name): [str(c.name) for c in t.columns] for t in found.sorted_tables if t.name != VERSIONS}


def _upgrade(connection: Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def _driver(connection: AsyncConnection) -> Any:  # noqa: ANN401  asyncpg is not typed
    return (await connection.get_raw_connection()).driver_connection
