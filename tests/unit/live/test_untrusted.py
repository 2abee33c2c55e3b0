"""What strangers send: tokens, room frames, ICE fragments, ranges. Only their own exceptions come out."""

from __future__ import annotations

import base64
import contextlib
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.model import MediaGrant, TokenRole
from server.live import messages as m
from server.live import sdpfrag
from server.live.state import read_room
from server.live.tokens import AUDIENCE, ISSUER, BadToken, MediaTokens
from server.web.ranges import plan

SECRET = "a secret for tests that is long enough"
GRANT = MediaGrant("l1", "classroom-s02", TokenRole.CLASSROOM, "s02", "西岙小学", 2000.0)


def tokens(at=1000.0):
    return MediaTokens(SECRET, lambda: at)


def test_a_token_says_what_was_granted():
    assert tokens().read(tokens().sign(GRANT)) == GRANT


def test_a_token_ends():
    token = tokens().sign(GRANT)
    with pytest.raises(BadToken):
        tokens(2000.0).read(token)


def test_a_short_secret_is_our_mistake():
    with pytest.raises(ValueError, match="32 bytes"):
        MediaTokens("short")


CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "teacher", "lesson": "l1", "role": "teacher", "exp": 2000}


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "tongke-session"},
        {"iss": "else"},
        {"role": "admin"},
        {"role": 5},
        {"exp": "soon"},
        {"exp": None},
        {"lesson": None},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_claims_that_are_not_ours_are_refused(change):
    claims = {name: value for name, value in (CLAIMS | change).items() if value is not None}
    with pytest.raises(BadToken):
        tokens().read(jwt.encode(claims, SECRET, "HS256"))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_other_algorithms_are_refused(algorithm):
    key = None if algorithm == "none" else SECRET * 2
    with pytest.raises(BadToken):
        tokens().read(jwt.encode(CLAIMS, key, algorithm))


def test_another_secret_is_refused():
    with pytest.raises(BadToken):
        tokens().read(jwt.encode(CLAIMS, SECRET + "!", "HS256"))


@given(st.text(max_size=300))
def test_any_text_is_a_token_or_bad(text):
    with contextlib.suppress(BadToken):
        tokens().read(text)


@given(st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "b64"]), st.none() | st.text() | st.integers()))
def test_any_header_is_a_token_or_bad(header):
    head, payload, tail = (
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (json.dumps(header).encode(), json.dumps(CLAIMS).encode(), b"signature")
    )
    with pytest.raises(BadToken):
        tokens().read(f"{head}.{payload}.{tail}")


@given(st.text() | st.binary())
def test_any_frame_is_a_message_or_bad(frame):
    with contextlib.suppress(m.BadMessage):
        m.decode_untrusted(frame)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
KINDS = ["hello", "devices", "hand", "help", "stage", "layout", "mute", "chat", "ping"]


@given(
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(["v", "text", "raised", "muted", "participant_id", "layout", "at"]), JSON),
)
def test_any_fields_are_a_message_or_bad(kind, fields):
    with contextlib.suppress(m.BadMessage):
        m.decode_untrusted(json.dumps({"type": kind} | fields))


def test_a_long_frame_and_a_long_chat_are_refused():
    for frame in ("x" * (m.FRAME_MAX + 1), json.dumps({"type": "chat", "text": "x" * (m.CHAT_MAX + 1)})):
        with pytest.raises(m.BadMessage):
            m.decode_untrusted(frame)


@given(st.text(alphabet="a=ice-ufragpwdmi:m0123\r\n cndt", max_size=200))
def test_any_fragment_is_one_or_bad(text):
    with contextlib.suppress(sdpfrag.BadFragment):
        sdpfrag.parse_fragment_untrusted(text)


def test_a_fragment_answers_with_the_section_that_was_asked_for():
    asked = sdpfrag.parse_fragment_untrusted(
        "a=ice-ufrag:abcd\r\na=ice-pwd:" + "p" * 24 + "\r\nm=video 9 X 0\r\na=mid:v\r\n"
    )
    text = sdpfrag.build_fragment(asked, "srv1", "s" * 24, ["1 1 udp 1 192.0.2.1 5 typ host"])
    assert "m=video 9 X 0\r\na=mid:v\r\n" in text
    assert sdpfrag.parse_fragment_untrusted(text).ufrag == "srv1"


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(["p:a:1", "m:w0.1", "stage", "recording"]), st.text()))
def test_any_hash_is_a_room(fields):
    read_room(fields)


@given(st.text(alphabet="bytes=0123456789-, ", max_size=20), st.integers(0, 50))
def test_any_range_is_within_the_file(header, length):
    todo = plan({"Range": header}, length, "e")
    assert 0 <= todo.start <= todo.end <= length
    assert todo.status in (200, 206, 416)
