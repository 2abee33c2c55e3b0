from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.peer.ice import IceLite, address_of, new_credentials, username_of
from server.wire import stun
from tests.captures import BROWSERS, datagrams
from tests.fakes.webrtc_client import WebRtcClient

UFRAG, PWD = "server", "p" * 24
HERE, THERE = ("udp", ("192.0.2.1", 4000)), ("udp", ("192.0.2.1", 4001))


@pytest.fixture(scope="module")
def client() -> WebRtcClient:
    return WebRtcClient()


@pytest.fixture
def agent(client: WebRtcClient) -> IceLite:
    return IceLite(UFRAG, PWD, client.ufrag)


def answer(agent: IceLite, data: bytes, path: object = HERE, now: float = 1.0) -> stun.Message:
    raw = agent.receive(data, path, now)
    assert raw is not None
    return stun.parse_untrusted(raw)


def test_a_check_is_answered_with_the_address_it_came_from(agent: IceLite, client: WebRtcClient) -> None:
    request = client.check(UFRAG, PWD, nominate=False)
    message = answer(agent, request)
    assert message.message_class == stun.SUCCESS
    assert message.transaction == stun.parse_untrusted(request).transaction
    assert message.check_integrity(PWD.encode())
    value = message.get(stun.XOR_MAPPED_ADDRESS)
    assert value is not None
    assert stun.read_xor_address_untrusted(value, message.transaction) == ("192.0.2.1", 4000)
    assert (agent.selected_path, agent.newest_path, agent.last_check) == (None, HERE, 1.0)


def test_media_follows_the_newest_nomination(agent: IceLite, client: WebRtcClient) -> None:
    answer(agent, client.check(UFRAG, PWD))
    answer(agent, client.check(UFRAG, PWD, nominate=False), THERE)
    assert agent.selected_path == HERE
    answer(agent, client.check(UFRAG, PWD), THERE)  # the NAT gave the client another port
    assert agent.selected_path == THERE


@pytest.mark.parametrize(("ufrag", "pwd"), [("server", "q" * 24), ("another", PWD)])
def test_wrong_credentials_get_401_and_change_nothing(
    agent: IceLite, client: WebRtcClient, ufrag: str, pwd: str
) -> None:
    assert answer(agent, client.check(ufrag, pwd)).error_code() == 401
    assert agent.selected_path is None
    assert not agent.is_valid(HERE)
    assert agent.last_check is None


def test_a_request_without_integrity_gets_400(agent: IceLite) -> None:
    request = stun.Message(stun.BINDING, bytes(12), ((stun.USERNAME, b"server:clnt"),))
    assert answer(agent, request.build()).error_code() == 400
    assert answer(agent, stun.Message(stun.BINDING, bytes(12)).build(PWD.encode())).error_code() == 400


def test_a_role_conflict_gets_487(agent: IceLite, client: WebRtcClient) -> None:
    message = answer(agent, client.check(UFRAG, PWD, (stun.ICE_CONTROLLED, bytes(8))))
    assert message.error_code() == 487
    assert message.check_integrity(PWD.encode())
    assert agent.selected_path is None


def test_an_unknown_required_attribute_gets_420(agent: IceLite, client: WebRtcClient) -> None:
    message = answer(agent, client.check(UFRAG, PWD, (0x7001, b"")))
    assert message.error_code() == 420
    assert message.get(stun.UNKNOWN_ATTRIBUTES) == b"\x70\x01"


def test_indications_and_answers_are_not_answered(agent: IceLite) -> None:
    for kind in (stun.INDICATION, stun.SUCCESS, stun.ERROR):
        assert agent.receive(stun.Message(stun.BINDING | kind, bytes(12)).build(PWD.encode()), HERE, 1.0) is None


def test_a_restart_keeps_the_old_path_until_the_new_checks_nominate(agent: IceLite, client: WebRtcClient) -> None:
    answer(agent, client.check(UFRAG, PWD))
    agent.restart("newc", "newserver", "n" * 24)
    assert agent.local_ufrags == (UFRAG, "newserver")
    assert answer(agent, client.check(UFRAG, PWD)).message_class == stun.SUCCESS
    assert answer(agent, client.check("newserver", "n" * 24), THERE).message_class == stun.SUCCESS
    assert agent.selected_path == THERE
    assert agent.local_ufrags == ("newserver",)
    assert answer(agent, client.check(UFRAG, PWD)).error_code() == 401


def test_several_restarts_keep_the_working_credentials_and_the_last(agent: IceLite, client: WebRtcClient) -> None:
    answer(agent, client.check(UFRAG, PWD))
    agent.restart("a", "first", "n" * 24)
    agent.restart("b", "second", "m" * 24)
    assert agent.local_ufrags == (UFRAG, "second")


def test_only_so_many_paths_are_remembered_and_never_without_the_selected(agent: IceLite, client: WebRtcClient) -> None:
    answer(agent, client.check(UFRAG, PWD))
    for port in range(100):
        answer(agent, client.check(UFRAG, PWD, nominate=False), ("udp", ("192.0.2.9", port)))
    assert agent.is_valid(HERE)
    assert not agent.is_valid(("udp", ("192.0.2.9", 0)))


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    agent = IceLite(UFRAG, PWD, "clnt")
    agent.receive(data, HERE, 0.0)
    assert agent.selected_path is None


@pytest.mark.parametrize("client_name", BROWSERS)
def test_the_username_routes_a_first_datagram(client_name: str) -> None:
    for data in datagrams(client_name, "stun"):
        name = username_of(data)
        assert name is not None
        assert name.count(":") == 1
    assert username_of(b"\0\1nothing") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("192.0.2.1", 5), ("192.0.2.1", 5)),
        ((3, "192.0.2.1", 5), ("192.0.2.1", 5)),
        ((3, ("2001:db8::1", 5, 0, 0)), ("2001:db8::1", 5)),
        ((3, bytes.fromhex("0200 1388 c0000201") + bytes(8)), ("192.0.2.1", 5000)),
        ((3, bytes.fromhex("0a00 1388 00000000 20010db8000000000000000000000001") + bytes(4)), ("2001:db8::1", 5000)),
    ],
)
def test_the_address_of_a_path(path: tuple[object, ...], expected: tuple[str, int]) -> None:
    assert address_of(path) == expected


def test_credentials_are_what_ice_allows_and_never_the_same() -> None:
    ufrag, pwd = new_credentials()
    assert len(ufrag) >= 4
    assert len(pwd) >= 22
    assert (ufrag + pwd).isalnum()
    assert new_credentials() != (ufrag, pwd)


def test_an_adopted_path_carries_media_until_a_check_nominates_another(agent: IceLite, client: WebRtcClient) -> None:
    answer(agent, client.check(UFRAG, PWD))
    agent.adopt(THERE)
    assert (agent.selected_path, agent.is_valid(HERE), agent.last_check) == (THERE, True, 1.0)
    answer(agent, client.check(UFRAG, PWD), HERE)
    assert agent.selected_path == HERE
