"""Which addresses of this machine media is served on, and socket addresses as bytes."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from typing import TYPE_CHECKING

from server.media.libc import libc

if TYPE_CHECKING:
    from collections.abc import Sequence

_IFF_UP = 0x1  # linux/if.h
_FAMILY = struct.Struct("=H")  # sa_family_t is in host order, unlike the rest


def machine_addresses() -> list[str]:
    """The addresses of the interfaces that are up, link-local ones not; loopback last: few clients use it."""
    lib, ffi = libc()
    head = ffi.new("struct ifaddrs **")
    if lib.getifaddrs(head) != 0:
        return ["127.0.0.1"]
    found: list[str] = []
    try:
        entry = head[0]
        while entry != ffi.NULL:
            if entry.ifa_flags & _IFF_UP and entry.ifa_addr != ffi.NULL:
                address = _concrete(bytes(ffi.buffer(entry.ifa_addr, 2)), entry.ifa_addr, ffi.buffer)
                if address and address not in found:
                    found.append(address)
            entry = entry.ifa_next
    finally:
        lib.freeifaddrs(head[0])
    return sorted(found, key=lambda text: (ipaddress.ip_address(text).is_loopback, ":" in text)) or ["127.0.0.1"]


def _concrete(family: bytes, pointer: object, buffer: object) -> str | None:
    (number,) = _FAMILY.unpack(family)
    if number == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, bytes(buffer(pointer, 8)[4:8]))  # type: ignore[operator]
    if number == socket.AF_INET6:
        text = socket.inet_ntop(socket.AF_INET6, bytes(buffer(pointer, 24)[8:24]))  # type: ignore[operator]
        return None if ipaddress.ip_address(text).is_link_local else text
    return None


def resolve(hosts: Sequence[str]) -> list[str]:
    """The configured media hosts as addresses; a name is resolved once. Raises OSError for an unknown one."""
    addresses: list[str] = []
    for host in hosts:
        for entry in socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM):
            address = str(entry[4][0])
            if address not in addresses:
                addresses.append(address)
    return addresses


def pack(address: str, port: int) -> bytes:
    """`struct sockaddr_in` or `sockaddr_in6` as the kernel writes it."""
    if ":" in address:
        return (
            struct.pack("=H", socket.AF_INET6)
            + struct.pack("!HI", port, 0)
            + socket.inet_pton(socket.AF_INET6, address)
            + bytes(4)
        )
    return (
        struct.pack("=H", socket.AF_INET)
        + struct.pack("!H", port)
        + socket.inet_pton(socket.AF_INET, address)
        + bytes(8)
    )


def unpack(name: bytes) -> tuple[str, int]:
    """(address, port) of a socket address as the kernel writes it."""
    port = int.from_bytes(name[2:4], "big")
    if int.from_bytes(name[:2], sys.byteorder) == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, name[8:24]), port
    return socket.inet_ntop(socket.AF_INET, name[4:8]), port
