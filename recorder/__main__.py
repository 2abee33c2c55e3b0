"""`python -m recorder tap` records; `python -m recorder jobs` verifies what was recorded. Both end on SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="recorder", description=__doc__)
    parser.add_argument("process", choices=("tap", "jobs"))
    parser.add_argument("--data", type=Path, required=True, help="data folder")
    parser.add_argument("--redis", required=True, help="redis://host:port/db or unix:///path/redis.sock")
    given = parser.parse_args()
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("TONGKE_LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    data = given.data.resolve()
    if given.process == "tap":
        from recorder.service import run_tap

        asyncio.run(run_tap(data, given.redis))
    else:
        from recorder.jobs import run_jobs

        run_jobs(data, given.redis)


if __name__ == "__main__":
    main()
