"""Bring the database to the newest schema, one process at a time."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

ADVISORY_LOCK = 0x746F6E676B65  # "tongke": the key of PostgreSQL's advisory lock for migrations


def alembic_config() -> Config:
    """Alembic's configuration without a file: the scripts lie beside this module, in the tree and in a wheel alike."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(engine: AsyncEngine) -> None:
    """Upgrade to head under an inter-process lock; nothing happens when it is there already."""
    async with _lock(engine), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.execution_options(tongke_writes=True)
        async with connection.begin():
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@asynccontextmanager
async def _lock(engine: AsyncEngine) -> AsyncIterator[None]:
    """SQLite: an flock beside the database file. PostgreSQL locks inside the transaction."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database:
        yield
        return
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(f"{path}.migrate.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # releases the lock
