"""Network namespaces that live as long as this process holds them: nothing is left behind, however it ends."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import struct
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLONE_NEWNET = 0x40000000  # <sched.h>
_TUNSETIFF = 0x400454CA  # <linux/if_tun.h>
_IFF_TUN_NO_PI = 0x0001 | 0x1000  # whole IP packets without a header of the driver's
TOOLS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
WITHOUT_RIGHTS = (
    "the network tests need network namespaces and /dev/net/tun: run them as root (sudo make test), "
    "or as a user who may use /dev/net/tun in a namespace of their own (unshare -Urn make test)"
)


class NoRights(RuntimeError):
    """This machine or user may not make namespaces; the text says what to do."""


def _libc(call: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), call)(*arguments) != 0:
        number = ctypes.get_errno()
        raise NoRights(f"{call}: {os.strerror(number)}; {WITHOUT_RIGHTS}")


def _own() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """A network namespace with its loopback up. Raises NoRights where none can be made."""

    def __init__(self, name: str) -> None:
        self.name = name
        outside = _own()
        try:
            _libc("unshare", _CLONE_NEWNET)
            self._handle = _own()
            _libc("setns", outside, _CLONE_NEWNET)
        finally:
            os.close(outside)
        self.run("ip", "link", "set", "lo", "up")

    @property
    def prefix(self) -> tuple[str, ...]:
        """What stands before a command to run it in here, while this process lives."""
        return ("nsenter", f"--net=/proc/{os.getpid()}/fd/{self._handle}")

    def run(self, *command: str) -> str:
        """Runs a command in here to its end, answers what it printed. Raises RuntimeError with its complaint."""
        done = subprocess.run(
            [*self.prefix, *command], capture_output=True, text=True, check=False, env={**os.environ, "PATH": TOOLS}
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """This thread's new sockets and child processes belong to the namespace meanwhile."""
        outside = _own()
        try:
            _libc("setns", self._handle, _CLONE_NEWNET)
            yield
        finally:
            _libc("setns", outside, _CLONE_NEWNET)
            os.close(outside)

    def tun(self, interface: str) -> int:
        """A new TUN device in here, as a non-blocking descriptor: a read takes one IP packet, a write gives one."""
        with self.entered():
            try:
                device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError as error:
                raise NoRights(f"{error}; {WITHOUT_RIGHTS}") from error
            fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", interface.encode(), _IFF_TUN_NO_PI))
        return device

    def close(self) -> None:
        os.close(self._handle)
