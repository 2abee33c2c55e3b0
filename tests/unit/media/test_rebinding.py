"""Whose packet is it: only the keys say."""

from __future__ import annotations

from typing import Any

import pytest

from server.forward.egress import Egress
from server.media import rebinding
from server.media.addresses import pack
from server.media.rebinding import Rebinding
from server.media.sessions import Player, Publisher, Session
from server.peer.dtls import Certificate
from server.peer.session import PeerSession
from server.wire import rtcp, rtp
from tests.fakes.webrtc_client import WebRtcClient

CERTIFICATE = Certificate()
OLD, NEW, FAR = (
    (0, pack(host, port)) for host, port in (("192.0.2.1", 4000), ("192.0.2.1", 4711), ("192.0.2.9", 4000))
)
SSRC = 0x1234


class End:
    """A session of ours and the keys of its other end."""

    def __init__(self, kind: type[Session] = Publisher, path: Any = OLD) -> None:
        client = WebRtcClient(CERTIFICATE)
        peer = PeerSession(client.remote, "server", "p" * 24, CERTIFICATE, 0.0)
        peer.receive(client.check("server", "p" * 24), path, 0.0)
        waiting = client.start_dtls(CERTIFICATE.fingerprint_sha256)
        while waiting:
            for datagram in waiting:
                peer.receive(datagram, path, 0.0)
            waiting = [more for each, _ in peer.outputs() if each[0] > 3 for more in client.receive(each)]
        nobody: Any = None
        more = {"egress": Egress([], cname="c")} if kind is Player else {}
        self.session = kind("w0.1", nobody, nobody, "teacher", "in", peer, 0.0, **more)
        self.session.select(path)
        self.out, _ = client.srtp()
        self._sequence = 0

    def media(self, ssrc: int = SSRC) -> bytes:
        self._sequence += 1
        packet = rtp.build(payload_type=96, sequence=self._sequence, timestamp=8, ssrc=ssrc, payload=b"picture" * 9)
        protected = self.out.protect_bytes(packet)
        assert protected is not None
        return protected

    def report(self, ssrc: int = SSRC) -> bytes:
        protected = self.out.protect_rtcp_bytes(bytes(rtcp.ReceiverReport(ssrc)))
        assert protected is not None
        return protected


@pytest.fixture
def found() -> Rebinding:
    return Rebinding()


def test_media_from_a_new_address_belongs_to_the_session_with_its_ssrc_and_keys(found: Rebinding) -> None:
    end, other = End(), End()
    found.learn(end.session, SSRC)
    found.learn(other.session, SSRC + 1)
    assert found.owner(end.media(), NEW, 1.0) is end.session
    assert found.owner(other.media(SSRC + 1), NEW, 1.0) is other.session


def test_reports_are_known_by_their_sender_also_when_many_share_it(found: Rebinding) -> None:
    ends = [End(Player, (0, pack("192.0.2.1", 4000 + n))) for n in range(5)]
    for end in ends:
        found.learn(end.session, 1)
    for end in ends:
        assert found.owner(end.report(1), NEW, 1.0) is end.session


def test_forged_replayed_and_unknown_packets_belong_to_nobody(found: Rebinding) -> None:
    end, stranger = End(), End()
    found.learn(end.session, SSRC)
    packet = end.media()
    assert found.owner(packet[:-1] + bytes([packet[-1] ^ 1]), NEW, 1.0) is None
    assert found.owner(stranger.media(), NEW, 1.0) is None
    assert found.owner(end.media(SSRC + 1), NEW, 1.0) is None  # an SSRC nobody has used
    assert found.owner(packet, NEW, 1.0) is end.session
    assert found.owner(packet, NEW, 1.0) is None  # the second time it is a replay


def test_a_session_that_ended_is_found_no_more(found: Rebinding) -> None:
    end = End()
    found.learn(end.session, SSRC)
    found.forget(end.session)
    found.forget(end.session)
    assert found.owner(end.media(), NEW, 1.0) is None


def test_of_many_with_one_ssrc_the_same_host_and_the_longest_silent_come_first(
    found: Rebinding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebinding, "CANDIDATES", 1)
    far, lively, silent = End(Player, FAR), End(Player), End(Player)
    far.session.egress.last_report = 1.0
    lively.session.egress.last_report = 9.0
    silent.session.egress.last_report = 5.0
    for end in (lively, far, silent):
        found.learn(end.session, 1)
    assert found.owner(lively.report(1), NEW, 10.0) is None  # it is heard where it is: another has moved
    assert found.owner(silent.report(1), NEW, 10.0) is silent.session


def test_a_flood_is_looked_at_only_so_often_and_afterwards_sessions_are_found_again(found: Rebinding) -> None:
    end = End()
    found.learn(end.session, SSRC)
    forged = end.media()[:-1] + b"\0"
    tried: list[int] = []
    keys = end.session.peer.srtp_in
    assert keys is not None

    class Counting:
        def unprotect_bytes(self, data: bytes) -> bytes | None:
            tried.append(len(data))
            return keys.unprotect_bytes(data)

    end.session.peer.srtp_in = Counting()  # type: ignore[assignment]
    for n in range(10_000):
        found.owner(forged, FAR, 1.0 + n / 10_000)
    assert len(tried) <= 2 * rebinding.LOOKS
    assert found.owner(end.media(), NEW, 3.0) is end.session


def test_a_peer_that_changes_its_ssrc_for_ever_takes_no_more_room(found: Rebinding) -> None:
    end = End()
    for ssrc in range(1000):
        found.learn(end.session, ssrc)
    assert found.owner(end.media(0), NEW, 1.0) is None
    assert found.owner(end.media(999), NEW, 1.0) is end.session
