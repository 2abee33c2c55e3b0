"""Reading the machine: CPU time of process trees, memory, what kind of machine it is."""

from __future__ import annotations

import itertools
import os
import platform
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment."""

    pid: int
    name: str
    parent: int
    cpu: float  # seconds of user and system time since its start
    memory: int  # resident bytes


def _read(pid: int) -> Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    _, _, rest = stat.rpartition(")")
    fields = rest.split()
    words = [word.decode("utf-8", "replace") for word in command if word]
    told = itertools.takewhile(lambda word: not word.startswith("--"), words)
    name = " ".join(word.rpartition("/")[2] for word in told) or str(pid)
    return Process(pid, name, int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK, int(fields[21]) * PAGE)


def tree(root: int) -> list[Process]:
    """`root` and all its descendants now."""
    everything = [found for entry in os.listdir("/proc") if entry.isdigit() and (found := _read(int(entry)))]
    family = {root}
    grown = True
    while grown:
        children = {each.pid for each in everything if each.parent in family} - family
        family |= children
        grown = bool(children)
    return [each for each in everything if each.pid in family]


class CpuWindow:
    """CPU seconds of a process tree between its making and `seconds()`; processes are told apart by pid."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._before = {each.pid: each.cpu for each in tree(root)}

    def per_process(self) -> dict[str, float]:
        used: dict[str, float] = {}
        for each in tree(self._root):
            used[each.name] = used.get(each.name, 0.0) + each.cpu - self._before.get(each.pid, 0.0)
        return used

    def seconds(self) -> float:
        return sum(self.per_process().values())


def udp_drops(ports: range) -> int:
    """Datagrams the kernel could not put into the sockets of these local ports (the last column of /proc/net/udp)."""
    total = 0
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) in ports:
            total += int(fields[-1])
    return total


def describe() -> str:
    """One line about the machine."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PHYS_PAGES") * PAGE / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}"
    )


def load() -> str:
    """The load averages: above the number of CPUs others disturb the figures."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())
