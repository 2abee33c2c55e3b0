"""What is looked at before anything starts: the data folder, its lock, the ports. Refusals name the setting."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
from typing import TYPE_CHECKING

from server.settings import SettingsError, read_serving

if TYPE_CHECKING:
    from pathlib import Path

    from server.settings import Settings

TRIES = 50  # for ports in a row


def lock_data(settings: Settings) -> int:
    """Make the data folder and lock it for this process; returns the descriptor that holds the lock.

    Raises SettingsError: not writable, or another server runs in it.
    """
    try:
        settings.run_dir.mkdir(parents=True, exist_ok=True)
        settings.run_dir.chmod(0o700)
        descriptor = os.open(settings.run_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        probe = settings.data / ".probe"
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"--data {settings.data}: 数据目录不能写（{error.strerror}），请换一个目录或改权限"
            f" / the data folder is not writable: {error.strerror}"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = _holder(settings.data, descriptor)
        os.close(descriptor)
        raise SettingsError(
            f"--data {settings.data}: 已有一个服务在用这个数据目录（{holder}），请先停止它或换目录"
            f" / another server already runs in this data folder: {holder}"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _holder(data: Path, descriptor: int) -> str:
    serving = read_serving(data)
    if serving is not None:
        return f"pid {serving['pid']}, {serving['url']}"
    return f"pid {os.pread(descriptor, 20, 0).decode(errors='replace') or '?'}"


def check_ports(settings: Settings) -> None:
    """Raises SettingsError when a port cannot be had."""
    _check(settings.host, settings.port, socket.SOCK_STREAM, "port", "TCP")
    for host in settings.media_hosts or ("0.0.0.0",):
        for number in range(settings.workers):  # each worker has the next port
            _check(host, settings.media_port + number, socket.SOCK_DGRAM, "media-port", "UDP", foreign=True)


def _check(host: str, port: int, kind: socket.SocketKind, option: str, protocol: str, *, foreign: bool = False) -> None:
    """`foreign`: the address need not be this machine's, a router in front may map it."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=kind)[0]
        with socket.socket(family, kind) as sock:
            if kind == socket.SOCK_STREAM:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
    except socket.gaierror:
        raise SettingsError(f"地址 {host} 无法解析 / the address {host} cannot be resolved") from None
    except OSError as error:
        if foreign and error.errno == errno.EADDRNOTAVAIL:
            return
        raise SettingsError(_port_text(error, host, port, option, protocol)) from None


def _port_text(error: OSError, host: str, port: int, option: str, protocol: str) -> str:
    setting = f"--{option} {port} (TONGKE_{option.replace('-', '_').upper()})"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{setting}: {protocol} 端口 {port} 已被占用，请换一个，例如 --{option} {port + 1}"
            f" / {protocol} port {port} is in use, choose another"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{setting}: 没有权限使用 {protocol} 端口 {port}（1024 以下需要特权） / no permission for this port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host}: 本机没有这个地址 / this machine has no such address"
    return f"{setting}: {error.strerror}"


def free_port(kind: socket.SocketKind, host: str = "127.0.0.1", *, following: int = 0) -> int:
    """A port nobody uses right now, nor `following` ones behind it. Raises OSError when there is none such."""
    for _ in range(TRIES):
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(socket.socket(socket.AF_INET, kind))
            first.bind((host, 0))
            port = int(first.getsockname()[1])
            try:
                for number in range(port + 1, port + 1 + following):
                    stack.enter_context(socket.socket(socket.AF_INET, kind)).bind((host, number))
            except (OSError, OverflowError):
                continue
            return port
    raise OSError(errno.EADDRINUSE, f"no {following + 1} free ports in a row")
