"""What the recorder gets and gets again."""

from __future__ import annotations

import json
from struct import unpack_from

from server.media.tap_log import MAX_MESSAGE, TapLog


def records(message: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
    assert message[:1] == b"R"
    assert len(message) <= MAX_MESSAGE
    (number,) = unpack_from("!Q", message, 1)
    at, found = 9, []
    while at < len(message):
        kind, length = message[at : at + 1], int.from_bytes(message[at + 1 : at + 3], "big")
        found.append((kind, message[at + 3 : at + 3 + length]))
        at += 3 + length
    assert at == len(message)
    return number, found


def drain(log: TapLog) -> list[tuple[int, list[tuple[bytes, bytes]]]]:
    messages = []
    while message := log.next_message():
        messages.append(records(message))
        log.sent_message()
    return messages


def a_log(packets: int = 3, size: int = 100) -> TapLog:
    log = TapLog()
    log.open_lesson("l1", 5.0, 0.0)
    log.open_track(1, "l1", {"track": 1, "kind": "video"}, 0.0)
    for index in range(packets):
        log.packet(1, 10**18 + index, bytes([index % 256]) * size, index * 0.01)
    return log


def test_records_are_numbered_from_one_in_order():
    log = a_log()
    log.sender_report(1, 7, 8, 9, 0.1)
    log.close_track(1, 0.2)
    log.close_lesson("l1", 6.0, 0.2)
    ((number, found),) = drain(log)
    assert number == 1
    assert [kind for kind, _ in found] == [b"o", b"t", b"p", b"p", b"p", b"s", b"e", b"c"]
    assert json.loads(found[0][1]) == {"lesson_id": "l1", "at": 5.0}
    assert found[3][1] == (1).to_bytes(4, "big") + (10**18 + 1).to_bytes(8, "big") + b"\x01" * 100
    assert found[5][1] == b"".join([(1).to_bytes(4), (7).to_bytes(8), (8).to_bytes(8), (9).to_bytes(4)])
    assert json.loads(found[6][1]) == {"track": 1}


def test_messages_stay_within_their_size():
    messages = drain(a_log(packets=300, size=1200))
    assert len(messages) > 5
    numbers = [number for number, _ in messages]
    assert numbers == [1 + sum(len(found) for _, found in messages[:at]) for at in range(len(messages))]


def test_after_a_reconnect_state_comes_first_and_then_what_was_not_acknowledged():
    log = a_log()
    drain(log)
    log.acknowledge(3)
    state = [records(message) for message in log.reconnected()]
    assert [(number, [kind for kind, _ in found]) for number, found in state] == [(0, [b"o", b"t"])]
    ((number, found),) = drain(log)
    assert (number, [kind for kind, _ in found]) == (4, [b"p", b"p"])


def test_a_closed_track_is_not_state_any_more():
    log = a_log()
    log.close_track(1, 1.0)
    log.close_track(1, 1.0)
    log.close_lesson("l1", 6.0, 1.0)
    assert log.reconnected() == []
    assert [kind for _, found in drain(log) for kind, _ in found] == [b"o", b"t", b"p", b"p", b"p", b"e", b"c"]


def test_a_message_the_socket_refused_is_made_again():
    log = a_log()
    first = log.next_message()
    assert log.next_message() == first


def test_a_lesson_that_was_not_opened_is_not_recorded():
    log = TapLog()
    log.open_track(1, "probe-1", {"track": 1}, 0.0)
    log.packet(1, 1, b"x", 0.0)
    log.sender_report(1, 7, 8, 9, 0.1)
    log.close_track(1, 0.2)
    log.close_lesson("probe-1", 6.0, 0.2)
    assert (drain(log), log.reconnected()) == ([], [])


def test_old_media_goes_and_control_records_stay():
    log = a_log(packets=100)
    drain(log)  # sent, never acknowledged
    for index in range(100):
        log.packet(1, index, b"x" * 100, 20.0 + index * 0.01)
    log.trim(21.0)
    assert log.dropped == 100
    log.reconnected()
    kinds = [(number, {kind for kind, _ in found}) for number, found in drain(log)]
    assert kinds == [(1, {b"o", b"t"}), (103, {b"p"})]


def test_memory_is_bounded_while_no_recorder_is_there():
    log = a_log(packets=0)
    for index in range(40_000):
        log.packet(1, index, bytes(1100), 0.0)
        if index % 1000 == 0:
            log.trim(0.1)
    log.trim(0.1)
    assert log.unacknowledged <= 32 << 20
    log.acknowledge(1 << 60)
    drain(log)
    log.acknowledge(1 << 60)
    assert log.unacknowledged == 0
