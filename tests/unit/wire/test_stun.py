from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import stun
from server.wire.errors import BadPacket
from tests.captures import BROWSERS, datagrams

# RFC 5769 section 2.1: the sample request with its password
SAMPLE = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff"
    "80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf"
)
PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
TRANSACTION = b"0123456789ab"


def test_the_sample_of_rfc_5769() -> None:
    message = stun.parse_untrusted(SAMPLE)
    assert message.get(stun.USERNAME) == b"evtj:h6vY"
    assert message.get(stun.SOFTWARE) == b"STUN test client"
    assert message.check_integrity(PASSWORD)
    assert not message.check_integrity(b"something else")


@pytest.mark.parametrize("client", BROWSERS)
def test_what_a_browser_sent_is_read(client: str) -> None:
    for data in datagrams(client, "stun"):
        message = stun.parse_untrusted(data)
        assert (message.method, message.message_class) == (stun.BINDING, stun.REQUEST)
        assert message.unknown_required() == ()
        assert message.integrity_at > 0


@pytest.mark.parametrize("client", BROWSERS)
def test_a_cut_or_changed_message_is_bad(client: str) -> None:
    for data in datagrams(client, "stun"):
        for length in range(len(data)):
            with pytest.raises(BadPacket):
                stun.parse_untrusted(data[:length])
        for position in range(len(data) - 8):  # behind that the fingerprint itself would only get another name
            changed = bytearray(data)
            changed[position] ^= 0x55
            with pytest.raises(BadPacket):
                stun.parse_untrusted(bytes(changed))


attributes = st.lists(
    st.tuples(
        st.integers(0, 0xFFFF).filter(lambda kind: kind not in (stun.MESSAGE_INTEGRITY, stun.FINGERPRINT)),
        st.binary(max_size=30),
    ),
    max_size=5,
).map(tuple)


@given(
    st.sampled_from([stun.REQUEST, stun.SUCCESS, stun.ERROR, stun.INDICATION]),
    st.binary(min_size=12, max_size=12),
    attributes,
    st.none() | st.binary(min_size=1, max_size=30),
    st.booleans(),
)
def test_round_trip(
    kind: int, transaction: bytes, given_attributes: tuple[tuple[int, bytes], ...], key: bytes | None, fingerprint: bool
) -> None:
    message = stun.Message(stun.BINDING | kind, transaction, given_attributes)
    parsed = stun.parse_untrusted(message.build(key, fingerprint=fingerprint))
    assert parsed == message
    assert parsed.message_class == kind
    if key is not None:
        assert parsed.check_integrity(key)
        assert not parsed.check_integrity(key + b"x")


@pytest.mark.parametrize("address", [("192.0.2.1", 32853), ("2001:db8:1234:5678:11:2233:4455:6677", 32853)])
def test_xor_address_round_trip(address: tuple[str, int]) -> None:
    value = stun.pack_xor_address(*address, TRANSACTION)
    assert stun.read_xor_address_untrusted(value, TRANSACTION) == address
    for length in range(len(value)):
        with pytest.raises(BadPacket):
            stun.read_xor_address_untrusted(value[:length], TRANSACTION)


def test_what_follows_the_integrity_does_not_count() -> None:
    message = bytearray(stun.Message(stun.BINDING, TRANSACTION).build(b"key", fingerprint=False))
    message += b"\x00\x25\x00\x00"
    message[2:4] = (len(message) - 20).to_bytes(2, "big")
    parsed = stun.parse_untrusted(bytes(message))
    assert parsed.get(stun.USE_CANDIDATE) is None
    assert parsed.check_integrity(b"key")


def test_error_code() -> None:
    message = stun.Message(
        stun.BINDING | stun.ERROR, TRANSACTION, ((stun.ERROR_CODE, stun.pack_error(487, "Role Conflict")),)
    )
    assert stun.parse_untrusted(bytes(message)).error_code() == 487
