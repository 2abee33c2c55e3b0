"""A network of the bench's own: its load never leaves it, and it has the non-loopback address that libnice wants."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

ADDRESS = "10.77.0.1"
LOOPBACK = "127.0.0.1"
_INSIDE = "TONGKE_BENCH_NAMESPACE"
_SET_UP = (
    f"ip link set lo up && ip link add bench0 type veth peer name bench1 && ip addr add {ADDRESS}/24 dev bench0"
    ' && ip link set bench0 up && ip link set bench1 up && exec "$@"'
)


def enter() -> str:
    """Run this program again inside a network namespace, where the machine allows it; answers the address for media.

    Without the right to make one (not root, no `ip`), everything stays on loopback, where Janus finds no candidate.
    """
    if os.environ.get(_INSIDE):
        return ADDRESS
    unshare, address_tool = shutil.which("unshare"), shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if os.geteuid() != 0 or unshare is None or address_tool is None or not _allowed(unshare):
        return LOOPBACK
    again = [sys.executable, "-m", "bench", *sys.argv[1:]]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    os.execve(
        unshare, [unshare, "--net", "sh", "-c", _SET_UP, "sh", *again], {**os.environ, _INSIDE: "1", "PATH": path}
    )


def _allowed(unshare: str) -> bool:
    return subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0
