"""Batch socket I/O on loopback: what goes out in one call arrives whole, and a bad destination harms nobody else."""

from __future__ import annotations

import socket
import threading
import time

import numpy as np
import pytest

from server.media import addresses, gso
from server.media.libc import libc
from server.media.mmsg import SLOT_BYTES, SLOTS, MediaSocket, Receiver, Sender, open_sockets


@pytest.fixture
def media_socket():
    opened = MediaSocket(0, "127.0.0.1", 0)
    yield opened
    opened.close()


def address_cell(name: bytes):
    ffi = libc().ffi
    cell = ffi.new("unsigned char[]", name)
    return cell, int(ffi.cast("uintptr_t", cell))


def fill(sender: Sender, count: int) -> None:
    for index in range(count):
        sender.rows.rows[index, :100] = index
    sender.lengths[:count] = np.arange(count) % 90 + 10


def test_a_batch_arrives_whole_and_in_order(media_socket):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(2)
        cell, pointer = address_cell(addresses.pack("127.0.0.1", other.getsockname()[1]))
        sender = Sender()
        fill(sender, 30)
        sent = sender.send(media_socket.fd, 30, np.full(30, pointer, np.uint64), media_socket.name_length)
        assert sent == 30
        assert [other.recv(2000) for _ in range(30)] == [bytes([i]) * (i % 90 + 10) for i in range(30)]
        assert cell


def test_receive_gives_each_datagram_with_its_sender(media_socket):
    receiver = Receiver()
    assert receiver.receive(media_socket.fd, media_socket.name_length) == ([], [], [])
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        for sock in (one, two):
            sock.bind(("127.0.0.1", 0))
        one.sendto(b"first", ("127.0.0.1", media_socket.port))
        two.sendto(b"", ("127.0.0.1", media_socket.port))
        two.sendto(b"third" * 900, ("127.0.0.1", media_socket.port))
        lengths, names, arrivals = receiver.receive(media_socket.fd, media_socket.name_length)
        assert lengths == [5, 0, SLOT_BYTES]
        assert all(abs(time.time() - arrival) < 2 for arrival in arrivals)
        assert arrivals == sorted(arrivals)
        assert bytes(receiver.data[:5]) == b"first"
        assert names[0] == addresses.pack("127.0.0.1", one.getsockname()[1])
        assert names[1] == names[2] == addresses.pack("127.0.0.1", two.getsockname()[1])


def test_more_than_a_batch_waits_for_the_next_call(media_socket):
    receiver = Receiver()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for index in range(SLOTS + 5):
            other.sendto(bytes([index]), ("127.0.0.1", media_socket.port))
        first, _, _ = receiver.receive(media_socket.fd, media_socket.name_length)
        second, _, _ = receiver.receive(media_socket.fd, media_socket.name_length)
        assert (len(first), len(second)) == (SLOTS, 5)


def test_a_destination_in_trouble_is_left_out(media_socket):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(2)
        good, good_pointer = address_cell(addresses.pack("127.0.0.1", other.getsockname()[1]))
        bad, bad_pointer = address_cell(addresses.pack("127.0.0.1", 0))  # port 0: EINVAL
        sender = Sender()
        fill(sender, 5)
        names = np.array([good_pointer, bad_pointer, good_pointer, bad_pointer, good_pointer], np.uint64)
        assert sender.send(media_socket.fd, 5, names, media_socket.name_length) == 3
        assert sender.dropped == 2
        assert [other.recv(2000)[0] for _ in range(3)] == [0, 2, 4]
        assert good
        assert bad


def test_ipv6_uses_its_own_sockaddr():
    try:
        opened = MediaSocket(0, "::1", 0)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    receiver = Receiver()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::1", 0))
        other.settimeout(2)
        other.sendto(b"hello", ("::1", opened.port))
        lengths, names, arrivals = receiver.receive(opened.fd, opened.name_length)
        assert lengths == [5]
        assert abs(time.time() - arrivals[0]) < 2
        assert names[0] == addresses.pack("::1", other.getsockname()[1])
        assert opened.send_to(b"back", names[0])
        assert other.recv(100) == b"back"
    opened.close()


def test_machine_addresses_are_concrete_and_bindable_on_one_port():
    found = addresses.machine_addresses()
    assert "127.0.0.1" in found
    assert not [address for address in found if address.startswith("fe80")]
    sockets, candidates = open_sockets([], 0)
    try:
        assert candidates == [(opened.address, opened.port) for opened in sockets]
        assert len({opened.port for opened in sockets}) == 1
        assert {opened.address for opened in sockets} <= set(found)
    finally:
        for opened in sockets:
            opened.close()


def test_given_hosts_are_exactly_the_sockets_and_a_taken_port_is_an_error():
    sockets, candidates = open_sockets(["127.0.0.1"], 0)
    try:
        assert [opened.address for opened in sockets] == ["127.0.0.1"]
        assert candidates == [("127.0.0.1", sockets[0].port)]
        with pytest.raises(OSError, match="in use"):
            open_sockets(["127.0.0.1"], sockets[0].port)
    finally:
        for opened in sockets:
            opened.close()


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1"])
def test_socket_addresses_go_both_ways(address):
    assert addresses.unpack(addresses.pack(address, 4000)) == (address, 4000)


def test_an_address_in_front_of_the_machine_is_announced_and_the_machine_s_own_are_served():
    sockets, candidates = open_sockets(["198.51.100.7"], 0)
    try:
        assert candidates == [("198.51.100.7", sockets[0].port)]
        assert "127.0.0.1" in {opened.address for opened in sockets}
    finally:
        for opened in sockets:
            opened.close()


def test_a_frame_leaves_as_segments_and_arrives_as_datagrams():
    if not gso.supported():
        pytest.skip("this kernel has no UDP segmentation")
    opened, sender = MediaSocket(0, "127.0.0.1", 0), Sender()
    segmenter = gso.Segmenter(sender)
    players, cells = [], []
    for _ in range(3):
        player = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        player.bind(("127.0.0.1", 0))
        player.settimeout(2)
        players.append(player)
        cells.append(address_cell(addresses.pack("127.0.0.1", player.getsockname()[1])))
    sizes = [1000, 1000, 700]
    for packet, size in enumerate(sizes):
        for player in range(3):
            row = player * 3 + packet
            sender.rows.rows[row, :size] = row + 1
            sender.lengths[row] = size
    names = np.array([pointer for _, pointer in cells], np.uint64)
    assert segmenter.send(opened.fd, 3, names, opened.name_length) == 9
    for number, player in enumerate(players):
        got = [player.recv(2000) for _ in sizes]
        assert got == [bytes([number * 3 + packet + 1]) * size for packet, size in enumerate(sizes)]
    for player in players:
        player.close()
    opened.close()


def test_where_segments_are_refused_rows_go_one_by_one(media_socket):
    """A route whose MTU is smaller than the segment: EINVAL, which an impossible segment size gives as well."""
    sender = Sender()
    segmenter = gso.Segmenter(sender)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as player:
        player.bind(("127.0.0.1", 0))
        player.settimeout(2)
        cell, pointer = address_cell(addresses.pack("127.0.0.1", player.getsockname()[1]))
        for row in range(100):  # more segments than the kernel takes
            sender.rows.rows[row, :5] = row
            sender.lengths[row] = 5
        sender.lengths[0] = 1  # 496 segments of one byte
        assert segmenter.send(media_socket.fd, 100, np.array([pointer], np.uint64), media_socket.name_length) == 100
        got = [player.recv(2000) for _ in range(100)]
        assert [datagram[0] for datagram in got] == list(range(100))
        assert cell


def test_a_full_buffer_is_waited_for_and_nothing_loses_its_tail():
    """A keyframe to hundreds is more than a buffer holds. The local socket pair holds a few datagrams."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        near.setblocking(False)
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)  # the kernel's least: a few datagrams
        far.settimeout(5)
        received: list[bytes] = []
        reader = threading.Thread(target=lambda: received.extend(far.recv(2000) for _ in range(200)))
        reader.start()
        sender = Sender()
        fill(sender, 200)
        assert sender.send(near.fileno(), 200, np.zeros(200, np.uint64), 0) == 200
        reader.join(5)
    assert received == [bytes([i]) * (i % 90 + 10) for i in range(200)]
    assert sender.dropped == 0


def test_a_buffer_that_stays_full_costs_what_does_not_fit_and_no_more_time():
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        near.setblocking(False)
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)  # the kernel's least: a few datagrams
        sender = Sender()
        fill(sender, 200)
        sent = sender.send(near.fileno(), 200, np.zeros(200, np.uint64), 0)
        assert 0 < sent < 200
        assert sender.dropped == 200 - sent
