"""What recording one 720p stream costs the recorder: CPU, memory over time, bytes on disk."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.machine import CpuWindow, tree
from bench.servers import Tongke
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from pathlib import Path

    from bench.clip import Clip

RECORDER = "recorder tap"  # how the process calls itself
SETTLE = 3.0  # s
SAMPLES = 10


@dataclass
class Result:
    """`share`: of one core; `memory`: resident MiB, evenly over the time."""

    seconds: float = 0.0
    share: float = 0.0
    memory: list[float] = field(default_factory=list)
    megabytes: float = 0.0


async def run(clip: Clip, *, host: str, seconds: float) -> Result:
    """One teacher publishes for `seconds`; nobody plays."""
    server = Tongke(host)
    result = Result()
    async with taught(server, clip, host=host, certificate=Certificate()):
        await asyncio.sleep(SETTLE)
        cpu, start, size = CpuWindow(server.root_pid), time.monotonic(), _size(server.data)
        for _ in range(SAMPLES):
            await asyncio.sleep(seconds / SAMPLES)
            result.memory.append(_memory(server.root_pid))
        result.seconds = time.monotonic() - start
        used = sum(each for name, each in cpu.per_process().items() if RECORDER in name)
        result.share = used / result.seconds
        result.megabytes = (_size(server.data) - size) / 1e6
    return result


def _memory(root: int) -> float:
    return sum(each.memory for each in tree(root) if RECORDER in each.name) / 2**20


def _size(data: Path) -> int:
    return sum(path.stat().st_size for path in (data / "recordings").rglob("*") if path.is_file())
