"""Several layers of one picture: who is sent which, and what a receiver sees of the changes."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.forward.lanes import ALL, KEYFRAMES
from server.forward.relay import Relay
from server.forward.subscriptions import Layout
from server.forward.vp8 import descriptor_untrusted
from server.wire import rtp
from tests.unit.forward.kit import give, sent, stream, subscription, target


def vp8(
    picture: int, *, tl0: int = 0, tid: int = 0, key: bool = False, body: bytes = b"", begins: bool = True
) -> bytes:
    """A VP8 payload as Chromium writes it: X, I, L, T and K set, a picture id of 15 bits."""
    first = 0x80 | (0x10 if begins else 0)
    return bytes((first, 0xF0, 0x80 | picture >> 8, picture & 0xFF, tl0, tid << 6, 0 if key else 1)) + body


class Camera:
    """A publisher's layer: pictures of one packet in the pattern of three temporal layers (0 2 1 2)."""

    def __init__(self, ssrc: int, *, rid: str, rank: int, seed: int = 0) -> None:
        dice = Random(seed + ssrc)
        self.stream = stream(ssrc=ssrc, rid=rid, rank=rank)
        self.sequence = dice.getrandbits(16)
        self.picture = dice.getrandbits(15)
        self.tl0 = dice.getrandbits(8)
        self.timestamp = dice.getrandbits(32)
        self.count = 0

    def next(self, now: float, *, key: bool = False, body: bytes = b""):
        """The next picture's packet."""
        tid = 0 if key else (0, 2, 1, 2)[self.count % 4]
        self.count = 1 if key else self.count + 1
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.picture = (self.picture + 1) & 0x7FFF
        self.tl0 = (self.tl0 + (tid == 0)) & 0xFF
        self.timestamp = (self.timestamp + 3000) & 0xFFFFFFFF
        payload = vp8(self.picture, tl0=self.tl0, tid=tid, key=key, body=body)
        return give(self.stream, self.sequence, payload=payload, timestamp=self.timestamp, now=now, marker=1)


class Scene:
    """A relay with cameras of three layers and one subscriber."""

    def __init__(self, *, layout: Layout | None = None) -> None:
        self.relay = Relay("video", 64)
        self.viewer = subscription(layout=layout)
        self.cameras = [
            Camera(ssrc, rid=rid, rank=rank) for rank, (ssrc, rid) in enumerate([(1, "l"), (2, "m"), (3, "h")])
        ]
        self.now = 1.0
        self.received: list[bytes] = []
        self.relay.set_layers([camera.stream for camera in self.cameras], 0.0)
        self.relay.subscribe(self.viewer, target(), 0.0)

    def picture(self, *, keys: str = "") -> None:
        """Every layer sends one picture, those named in `keys` a keyframe."""
        self.now += 1 / 30
        for camera in self.cameras:
            packet = camera.next(self.now, key=camera.stream.rid in keys)
            out = sent(self.relay, [packet], now=self.now, of=camera.stream)
            self.received += out.get("session 0", [])

    def pictures(self, count: int) -> None:
        for _ in range(count):
            self.picture()

    def aim(self, rid: str, temporal: int = ALL) -> None:
        camera = next(each for each in self.cameras if each.stream.rid == rid)
        self.relay.aim(self.viewer, camera.stream, temporal, self.now)


def read(received: list[bytes]):
    headers = [rtp.parse_untrusted(packet, None) for packet in received]
    descriptors = [
        descriptor_untrusted(packet, header.payload_start, len(packet))
        for packet, header in zip(received, headers, strict=True)
    ]
    return headers, descriptors


def steps(values: list[int], modulus: int) -> set[int]:
    return {(after - before) % modulus for before, after in pairwise(values)}


def test_a_newcomer_is_sent_the_largest_layer_unless_something_else_is_chosen():
    scene = Scene()
    scene.picture(keys="lmh")
    assert scene.viewer.stream is scene.cameras[2].stream


def test_a_switch_waits_for_the_keyframe_it_asks_for_and_leaves_no_trace_in_the_numbering():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(5)
    scene.aim("l")
    assert scene.cameras[0].stream.keyframes.poll(scene.now)
    scene.pictures(4)
    assert scene.viewer.stream is scene.cameras[2].stream  # goes on with what it has
    scene.picture(keys="l")
    assert scene.viewer.stream is scene.cameras[0].stream
    scene.pictures(6)
    scene.aim("m")
    scene.picture(keys="m")
    scene.pictures(3)
    headers, descriptors = read(scene.received)
    # on its way down it is sent base pictures alone; at the way up the small picture of that moment had left already
    assert len(scene.received) == 1 + 5 + 3 + 1 + 6 + 2 + 3
    assert {header.ssrc for header in headers} == {scene.viewer.ssrc}
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}
    tl0 = [each.tl0 for each in descriptors if each.tid == 0]
    assert steps(tl0, 256) == {1}
    passed = steps([header.timestamp for header in headers], 1 << 32)
    assert all(step == pytest.approx(3000, abs=100) or step == 90 for step in passed)


def test_fewer_temporal_layers_close_ranks_and_more_begin_at_a_base_picture():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(8)
    for temporal, share in ((1, 2), (0, 4)):
        scene.aim("h", temporal)
        scene.pictures(4)
        before = len(scene.received)
        scene.pictures(16)
        assert len(scene.received) - before == 16 // share
    scene.aim("h")
    scene.pictures(12)
    headers, descriptors = read(scene.received)
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}
    assert steps([each.tl0 for each in descriptors if each.tid == 0], 256) == {1}
    assert not any(keys.poll(scene.now + 9) for keys in (each.stream.keyframes for each in scene.cameras[2:]))


def test_what_a_thin_line_never_got_is_not_counted():
    """A queue that was thrown away leaves no hole: the next keyframe takes the numbers of what never left."""
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(3)
    top = scene.cameras[2]
    unsent = [top.next(scene.now) for _ in range(3)]
    for packet in unsent:
        list(scene.relay.take(top.stream, [packet], scene.now))
    scene.relay.cut(scene.viewer, unsent[0].sequence, scene.now)
    assert scene.viewer.stream is None
    assert top.stream.keyframes.poll(scene.now + 1)
    scene.picture(keys="h")
    headers, descriptors = read(scene.received)
    assert len(headers) == 5
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}
    assert scene.viewer.sent()[0] == 5


def test_a_slide_show_is_keyframes_alone():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.aim("l", KEYFRAMES)
    scene.picture(keys="l")
    before = len(scene.received)
    scene.pictures(10)
    assert len(scene.received) == before
    scene.picture(keys="l")
    assert len(scene.received) == before + 1
    headers, descriptors = read(scene.received)
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}


def test_off_sends_nothing_and_on_again_goes_on_in_the_same_numbering():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(3)
    scene.relay.aim(scene.viewer, None, ALL, scene.now, on=False)
    before = len(scene.received)
    scene.pictures(30)
    assert len(scene.received) == before
    scene.aim("l")
    scene.picture(keys="l")
    headers, _ = read(scene.received)
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert (headers[-1].timestamp - headers[-2].timestamp) & 0xFFFFFFFF == pytest.approx(31 * 3000, abs=100)


def test_timestamps_follow_sender_reports_over_a_switch():
    """Two layers' clocks differ by a random constant; their reports say by which."""
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(2)
    for camera in scene.cameras:
        ntp = int((3_000_000_000 + scene.now) * 2**32)
        camera.stream.sender_report(ntp, camera.timestamp, scene.now + 1e9, scene.now)
    scene.aim("l")
    scene.now += 0.013  # the next picture is late: arrival times would bend the time line
    scene.picture(keys="l")
    headers, _ = read(scene.received)
    assert (headers[-1].timestamp - headers[-2].timestamp) & 0xFFFFFFFF == 3000


def test_what_a_nack_names_is_found_in_the_layer_it_was_sent_from():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(6)
    scene.aim("l", 0)
    scene.picture(keys="l")
    scene.pictures(8)
    for packet in scene.received:
        header = rtp.parse_untrusted(packet, None)
        (repair,) = scene.viewer.resend([header.sequence], scene.now)
        assert repair.payload[2:] == packet[header.payload_start :]
        assert repair.timestamp == header.timestamp


def test_a_lost_packet_of_a_layer_left_out_is_filled_with_padding_when_it_comes_late():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.aim("h", 0)
    scene.pictures(7)
    top = scene.cameras[2]
    first = len(scene.received)
    late = [top.next(scene.now) for _ in range(4)]  # 0 2 1 2
    now = scene.now
    for packet in (late[0], late[2], late[3], late[1]):
        scene.received += sent(scene.relay, [packet], now=now, of=top.stream).get("session 0", [])
    headers = [rtp.parse_untrusted(packet, None) for packet in scene.received[first:]]
    # the base picture; then the hole that nobody could know to be of no use, when its packet comes
    assert [header.payload_end - header.payload_start for header in headers][1:] == [0]
    sequences = {header.sequence for header in headers}
    scene.pictures(4)
    sequences |= {rtp.parse_untrusted(packet, None).sequence for packet in scene.received[first:]}
    ordered = sorted((sequence - headers[0].sequence) & 0xFFFF for sequence in sequences)
    assert ordered == list(range(len(ordered)))


def test_a_paced_subscriber_is_alone_in_its_group_and_goes_back_into_the_row():
    scene = Scene()
    scene.picture(keys="lmh")
    other = subscription(5, ssrc=900)
    scene.relay.subscribe(other, target(1), scene.now)
    scene.picture(keys="h")
    top = scene.cameras[2]
    scene.relay.pace(scene.viewer, True)
    jobs = list(scene.relay.take(top.stream, [top.next(scene.now)], scene.now))
    assert sorted((group.count, group.paced) for _, group, _ in jobs) == [(1, False), (1, True)]
    scene.relay.pace(scene.viewer, False)
    jobs = list(scene.relay.take(top.stream, [top.next(scene.now)], scene.now))
    assert [(group.count, group.paced) for _, group, _ in jobs] == [(2, False)]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), length=st.integers(20, 150))
def test_whatever_is_chosen_no_sequence_carries_two_payloads_and_all_are_used(seed, length):
    dice = Random(seed)
    scene = Scene(layout=Layout(transport_id=3, time_id=2))
    used: dict[int, bytes] = {}
    late: list = []
    for _ in range(length):
        scene.now += 1 / 30
        if dice.random() < 0.2:
            scene.aim(dice.choice("lmh"), dice.choice((ALL, 1, 0, KEYFRAMES)))
        if dice.random() < 0.05:
            scene.relay.aim(scene.viewer, None, ALL, scene.now, on=False)
        if dice.random() < 0.1:
            scene.relay.pace(scene.viewer, dice.random() < 0.5)
        for camera in scene.cameras:
            packet = camera.next(scene.now, key=dice.random() < 0.15, body=dice.randbytes(6))
            batch = [packet]
            if dice.random() < 0.1:
                late.append((camera, packet))
                batch = []
            if late and dice.random() < 0.2:
                other, held = late.pop()
                _use(used, sent(scene.relay, [held], now=scene.now, of=other.stream))
            _use(used, sent(scene.relay, batch, now=scene.now, of=camera.stream))


def _use(used: dict[int, bytes], out: dict[str, list[bytes]]) -> None:
    for datagram in out.get("session 0", []):
        header = rtp.parse_untrusted(datagram, None)
        body = datagram[header.payload_start :]
        assert used.setdefault(header.sequence, body) == body


def test_a_slide_that_was_left_out_leaves_no_hole_and_the_one_before_can_still_be_repaired():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.aim("l", KEYFRAMES)
    scene.picture(keys="l")
    low = scene.cameras[0]
    shown = scene.viewer.segment
    assert shown is not None
    (job,) = scene.relay.take(low.stream, [low.next(scene.now, key=True)], scene.now)
    scene.relay.cut(scene.viewer, job[2][0].sequence, scene.now, ask=False)
    assert not low.stream.keyframes.wanted
    number = (shown.first + shown.sequence) & 0xFFFF
    assert scene.viewer.resend([number], scene.now)
    scene.picture(keys="l")
    headers, descriptors = read(scene.received)
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}


def test_a_slide_that_is_in_the_way_is_taken_back_though_its_lane_has_ended():
    scene = Scene()
    scene.picture(keys="lmh")
    scene.aim("l", KEYFRAMES)
    scene.picture(keys="l")
    low = scene.cameras[0]
    (held,) = scene.relay.take(low.stream, [low.next(scene.now, key=True)], scene.now)  # never leaves the pacer
    (newer,) = scene.relay.take(low.stream, [low.next(scene.now, key=True)], scene.now)
    scene.relay.cut(scene.viewer, newer[2][0].sequence, scene.now, ask=False)
    scene.relay.cut(scene.viewer, held[2][0].sequence, scene.now)
    assert low.stream.keyframes.wanted
    scene.picture(keys="l")
    headers, descriptors = read(scene.received)
    assert steps([header.sequence for header in headers], 1 << 16) == {1}
    assert steps([each.picture_id for each in descriptors], 1 << 15) == {1}
    assert scene.viewer.sent()[0] == len(headers)


def test_what_was_lost_before_a_cut_is_not_sent_again():
    """A decoder goes on with the keyframe; repairs of what came before would only hold it up."""
    scene = Scene()
    scene.picture(keys="lmh")
    scene.pictures(3)
    top, begun = scene.cameras[2], scene.viewer.segment
    assert begun is not None
    number = (begun.first + begun.sequence) & 0xFFFF
    assert scene.viewer.resend([number], scene.now)
    unsent = top.next(scene.now)
    list(scene.relay.take(top.stream, [unsent], scene.now))
    scene.relay.cut(scene.viewer, unsent.sequence, scene.now)
    assert not scene.viewer.resend([number], scene.now + 1)
