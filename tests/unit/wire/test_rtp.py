from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import rtp
from server.wire.errors import BadPacket
from tests.captures import BROWSERS, datagrams


@pytest.mark.parametrize("client", BROWSERS)
def test_what_a_browser_sent_is_read_and_built_again(client: str) -> None:
    for data in datagrams(client, "rtp"):
        header = rtp.parse_untrusted(data)
        extensions = rtp.read_extensions(data, header)
        built = rtp.build(
            payload_type=header.payload_type,
            sequence=header.sequence,
            timestamp=header.timestamp,
            ssrc=header.ssrc,
            marker=header.marker,
            payload=data[header.payload_start : header.payload_end],
            extensions=extensions,
            padding=header.padding,
        )
        again = rtp.parse_untrusted(built)
        assert rtp.read_extensions(built, again) == extensions
        assert built[again.payload_start :] == data[header.payload_start :]


@pytest.mark.parametrize("client", BROWSERS)
def test_a_cut_packet_is_bad_or_shorter(client: str) -> None:
    for data in datagrams(client, "rtp")[:10]:
        for length in range(len(data)):
            try:
                header = rtp.parse_untrusted(data, length)
            except BadPacket:
                continue
            assert header.payload_start <= header.payload_end <= length


values = st.dictionaries(st.integers(1, 255), st.binary(max_size=40), max_size=5)


@given(
    st.integers(0, 127), st.integers(0, 65535), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 1),
    st.binary(max_size=50), values, st.integers(0, 255),
)  # fmt: skip
def test_round_trip(
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    marker: int,
    payload: bytes,
    extensions: dict[int, bytes],
    padding: int,
) -> None:
    data = rtp.build(
        payload_type=payload_type, sequence=sequence, timestamp=timestamp, ssrc=ssrc, marker=marker, payload=payload,
        extensions=extensions, padding=padding,
    )  # fmt: skip
    header = rtp.parse_untrusted(data)
    assert (header.payload_type, header.sequence, header.timestamp, header.ssrc, header.marker) == (
        payload_type,
        sequence,
        timestamp,
        ssrc,
        marker,
    )
    assert data[header.payload_start : header.payload_end] == payload
    assert header.padding == padding
    assert rtp.read_extensions(data, header) == extensions


def test_csrcs_are_skipped() -> None:
    data = b"\x82\x60" + bytes(10) + b"AAAABBBB" + b"payload"
    header = rtp.parse_untrusted(data)
    assert data[header.payload_start : header.payload_end] == b"payload"


def test_reserved_one_byte_id_ends_the_reading() -> None:
    data = b"\x90\x60" + bytes(10) + b"\xbe\xde\x00\x02" + b"\x10A\x00\xf0B\x20C\x00"
    assert rtp.read_extensions(data, rtp.parse_untrusted(data)) == {1: b"A"}


def test_a_length_beyond_the_buffer_is_bad() -> None:
    with pytest.raises(BadPacket):
        rtp.parse_untrusted(bytes((0x80,)) + bytes(11), 13)


def test_misuse_raises_value_error() -> None:
    with pytest.raises(ValueError, match="payload type"):
        rtp.build(payload_type=128, sequence=0, timestamp=0, ssrc=0)
    with pytest.raises(ValueError, match="format"):
        rtp.build(payload_type=0, sequence=65536, timestamp=0, ssrc=0)
