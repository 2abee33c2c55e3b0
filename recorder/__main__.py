"""`python -m recorder tap` records; `jobs` verifies, `exports` makes films. Each ends on SIGTERM."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from server import logs


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="recorder", description=__doc__)
    parser.add_argument("process", choices=("tap", "jobs", "exports"))
    parser.add_argument("--data", type=Path, required=True, help="data folder")
    parser.add_argument("--redis", required=True, help="redis://host:port/db or unix:///path/redis.sock")
    given = parser.parse_args()
    logs.configure(
        "recorder" if given.process == "tap" else given.process,
        os.environ.get("TONGKE_LOG_LEVEL", "info"),
        os.environ.get("TONGKE_LOG_FORMAT", "auto"),
    )
    data = given.data.resolve()
    if given.process == "tap":
        import uvloop

        from recorder.objects import Place
        from recorder.service import run_tap

        uvloop.run(run_tap(data, given.redis, objects=Place.of(os.environ)))
    elif given.process == "jobs":
        from recorder.jobs import run_jobs

        run_jobs(data, given.redis)
    else:
        from recorder.exports import run_exports

        run_exports(data, given.redis)


if __name__ == "__main__":
    main()
