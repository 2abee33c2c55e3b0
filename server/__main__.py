"""The command `tongke` (and `python -m server`): people's commands are in `cli`, the children of `serve` here.

A child loads neither the command line's libraries nor another child's: a start has to be quick.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from pathlib import Path

from server import logs
from server.settings import SettingsError, load

# sysexits.h EX_CONFIG: the supervisor does not start a process again that ends with it.
EX_CONFIG = 78
CHILDREN = ("web", "worker", "ingest")


def main() -> None:
    """Entry point."""
    if len(sys.argv) > 1 and sys.argv[1] in CHILDREN:
        run_child(sys.argv[1], sys.argv[2:])
    else:
        from server.cli import app

        app()


def run_child(process: str, arguments: list[str]) -> None:
    """`web`, `worker` or `ingest`: a process of `tongke serve`, until SIGTERM."""
    parser = argparse.ArgumentParser(prog=f"tongke {process}", description="a process of `tongke serve`")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--name", default="w0")
    given = parser.parse_args(arguments)
    try:
        settings = load({"data": given.data})
        logs.configure(given.name if process == "worker" else process, settings.log_level, settings.log_format)
        import uvloop

        from server import bootstrap

        with contextlib.suppress(KeyboardInterrupt):
            if process == "web":
                uvloop.run(bootstrap.run_web(settings))
            elif process == "ingest":
                asyncio.run(bootstrap.run_ingest(settings))
            else:
                uvloop.run(bootstrap.run_worker(settings, given.name))
    except SettingsError as error:
        print(f"tongke {process}: {error}", file=sys.stderr)
        sys.exit(EX_CONFIG)
    _leave()


def _leave() -> None:
    """End at once: everything of ours is closed by now.

    What is left is the interpreter's taking apart of its modules: 0.28 of the 0.3 s in which an idle web process
    ended, and over a second of the supervisor's 2 s on a busy machine.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
