"""The test network itself: what its paths do to real packets, and that it leaves nothing behind."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes.link import Profile
from tests.netns.network import SERVER, SERVER_6, Network

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def network() -> Iterator[Network]:
    with Network(seed=5, school=("wifi", "mobile")) as made:
        yield made


@contextlib.contextmanager
def two_sockets(network: Network, family: int = socket.AF_INET) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The school's and the server's, with the server's address known to the school's as its peer."""
    here = SERVER if family == socket.AF_INET else SERVER_6
    with socket.socket(family, socket.SOCK_DGRAM) as far:
        far.bind((here, 0))
        far.settimeout(2)
        with network.clients["school"].namespace.entered():
            near = socket.socket(family, socket.SOCK_DGRAM)
        with near:
            near.connect((here, far.getsockname()[1]))
            near.settimeout(2)
            yield near, far


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_client_and_the_server_reach_each_other(network: Network, family: int):
    with two_sockets(network, family) as (near, far):
        near.send(b"there")
        data, sender = far.recvfrom(100)
        assert data == b"there"
        far.sendto(b"back", sender)
        assert near.recv(100) == b"back"


def test_a_path_loses_and_delays_what_its_profile_says(network: Network):
    school = network.clients["school"]
    school.link(up=Profile(loss=0.3, delay=0.1))
    with two_sockets(network) as (near, far):
        began = time.monotonic()
        for number in range(200):
            near.send(number.to_bytes(2, "big"))
        far.recv(100)
        assert 0.1 <= time.monotonic() - began < 1.0
        far.settimeout(0.5)
        arrived = 1
        with contextlib.suppress(TimeoutError):
            while far.recv(100):
                arrived += 1
    assert 0.2 < 1 - arrived / 200 < 0.4
    assert school.counts()["up"]["lost"] >= 200 - arrived


def test_a_forgotten_nat_mapping_gives_another_port_and_the_old_one_is_dead(network: Network):
    with two_sockets(network) as (near, far):
        near.send(b"before")
        _, old = far.recvfrom(100)
        network.clients["school"].rebind_nat()
        far.sendto(b"lost", old)
        near.send(b"after")
        _, new = far.recvfrom(100)
        assert new[0] == old[0]
        assert new[1] != old[1]
        far.sendto(b"found", new)
        assert near.recv(100) == b"found"


def test_blocked_udp_does_not_arrive_while_tcp_does(network: Network):
    school = network.clients["school"]
    school.block_udp()
    with two_sockets(network) as (near, far):
        far.settimeout(0.3)
        with contextlib.suppress(PermissionError):
            near.send(b"x")
        with pytest.raises(TimeoutError):
            far.recv(100)
        with socket.create_server((SERVER, 0)) as listening:
            with school.namespace.entered():
                caller = socket.create_connection(listening.getsockname(), timeout=2)
            caller.close()
        school.open_firewall()
        near.send(b"y")
        assert far.recv(100) == b"y"


def test_another_way_has_another_address_and_a_nat_hides_them_all(network: Network):
    school = network.clients["school"]
    with two_sockets(network) as (near, far):
        near.send(b"x")
        assert far.recvfrom(100)[1][0] == school.address("wifi")
        school.use("mobile")
        with two_sockets(network) as (other, server):
            other.send(b"x")
            assert server.recvfrom(100)[1][0] == school.address("mobile")
        school.use("wifi")
        school.masquerade()
        with two_sockets(network) as (hidden, server):
            hidden.send(b"x")
            assert server.recvfrom(100)[1] != hidden.getsockname()
            assert hidden.getsockname()[0].startswith("192.168.")
