from __future__ import annotations

from server.peer.dtls import MTU, split_records


def record(size: int) -> bytes:
    return b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2, "big") + b"x" * size


def test_records_fill_datagrams_but_are_never_cut() -> None:
    sizes = [500, 500, 500, 1180, 10, 10]
    datagrams = split_records(b"".join(map(record, sizes)))
    assert b"".join(datagrams) == b"".join(map(record, sizes))
    assert [len(datagram) for datagram in datagrams] == [2 * 513, 513, 1193, 46]
    assert all(len(datagram) <= MTU for datagram in datagrams)


def test_a_long_record_goes_alone() -> None:
    assert [len(each) for each in split_records(record(10) + record(2000) + record(10))] == [23, 2013, 23]


def test_nothing_gives_nothing() -> None:
    assert split_records(b"") == []
