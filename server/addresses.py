"""The addresses of this machine."""

from __future__ import annotations

import ipaddress
import socket

import ifaddr


def machine_addresses(*, ipv6: bool = False) -> list[str]:
    """Every IPv4 (and, wanted, global IPv6) address of this machine, loopback last."""
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            if isinstance(address.ip, str):
                found.append(address.ip)
            elif ipv6 and not ipaddress.ip_address(address.ip[0]).is_link_local:
                found.append(address.ip[0])
    return sorted(dict.fromkeys(found), key=lambda address: (ipaddress.ip_address(address).is_loopback, address))


def names() -> list[str]:
    """The names under which this machine may be reached. No name server is asked: one that is away costs seconds."""
    return list(dict.fromkeys(["localhost", socket.gethostname()]))
