"""What several tests share: the real media worker, a real PostgreSQL of its own (a cluster in a temporary folder)."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.integration.media_kit import running_worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
async def plane(redis, tmp_path, caplog):
    """A running worker without a recorder; whatever the test does to it, it logs no error."""
    async with running_worker(redis, str(tmp_path / "no-recorder.sock")) as running:
        yield running
    noisy = [r for r in caplog.records if r.name.startswith("tongke") and r.levelno >= logging.ERROR]
    assert not noisy


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The socket folder of a running cluster. PostgreSQL refuses root, so root lends it the `postgres` account."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory(prefix="tkpg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        account = None
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("PostgreSQL does not run as root and there is no account postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder, "check": True, "timeout": 60}
        data = f"{folder}/data"
        subprocess.run([binaries / "initdb", "-D", data, "-U", "tongke", "-A", "trust", "-E", "UTF8"], **who, **quiet)
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        subprocess.run(
            [binaries / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"], **who, **quiet
        )
        try:
            yield Path(folder)
        finally:
            subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **who, **quiet)


@pytest.fixture
async def postgres_url(postgres: Path) -> AsyncIterator[str]:
    """A new database."""
    base = "postgresql://tongke@/{}?host=" + str(postgres)
    name = f"t{os.urandom(4).hex()}"
    engine = create_async_engine(base.format("postgres").replace("://", "+asyncpg://"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return base.format(name)
