"""Logging of every process: stdlib loggers drawn by structlog on standard error, as JSON lines or for people."""

from __future__ import annotations

import logging
import sys

import structlog

# Loggers that tell at `info` what only their authors need.
QUIET = ("aiohttp.access", "alembic", "huey", "asyncio", "aioice", "aiortc", "libav", "sqlalchemy")


def configure(process: str, level: str = "info", form: str = "auto") -> None:
    """Send this process' log to standard error. `form`: `json`, `console`, or `auto` (console on a terminal)."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())

    def name_process(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
        name_process,
    ]
    drawn: list[structlog.typing.Processor]
    if console:
        drawn = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=40)]
    else:
        drawn = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *drawn]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
