"""A NAT forgets its mapping in mid-lesson: media goes on by SRTP's own proof, long before the next check."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager

import pytest

from server.media.addresses import machine_addresses
from tests.fakes.nat import Nat
from tests.integration.media_kit import until


@asynccontextmanager
async def behind_nat(plane):
    """The one who joins within is behind a NAT."""
    nat = await Nat.open((machine_addresses()[0], plane.port))
    plane.through = nat.rewrite
    try:
        yield nat
    finally:
        plane.through = lambda answer: answer
        nat.close()


async def rebound(plane) -> int:
    return (await plane.lease())["stats"]["rebound"]


async def test_a_publisher_behind_a_rebound_nat_is_heard_on_without_a_check(plane):
    _, _, seen = await plane.play()
    async with behind_nat(plane) as nat:
        await plane.publish()
        await until(lambda: seen.pictures > 5 and seen.sounds > 20, what="pictures and sounds")
        nat.stun = False
        await nat.rebind()
        pictures, sounds = seen.pictures, seen.sounds
        await until(lambda: seen.pictures > pictures + 15 and seen.sounds > sounds + 50, 4, "both, a second long")
        closed = [body for type, body in await plane.read_events() if type == "session.closed"]
        assert closed == []
        assert (await rebound(plane)) == 1


async def test_a_player_behind_a_rebound_nat_plays_on_without_a_check(plane):
    await plane.publish()
    _, _, other = await plane.play(participant="classroom-s12")
    async with behind_nat(plane) as nat:
        _, _, seen = await plane.play()
        await until(lambda: seen.pictures > 30 and other.pictures > 30 and True in nat.last, what="pictures, a report")
        nat.stun = False
        await nat.rebind()
        pictures, sounds = seen.pictures, seen.sounds
        await until(lambda: seen.pictures > pictures + 30 and seen.sounds > sounds + 50, 8, "two seconds more")
        await nat.rebind()  # and once more
        pictures = seen.pictures
        await until(lambda: seen.pictures > pictures + 30, 8, "two seconds more")


async def test_forged_and_replayed_media_from_elsewhere_moves_nothing(plane):
    _, _, seen = await plane.play()
    async with behind_nat(plane) as nat:
        await plane.publish()
        await until(lambda: seen.pictures > 30 and len(nat.last) == 2, what="pictures both ways")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((machine_addresses()[0], 0))
            stranger.settimeout(0)
            for _ in range(40):
                for datagram in nat.last.values():
                    stranger.sendto(datagram, (machine_addresses()[0], plane.port))  # a replay
                    forged = datagram[:-1] + bytes([datagram[-1] ^ 1])
                    stranger.sendto(forged, (machine_addresses()[0], plane.port))
                    stranger.sendto(datagram[:12], (machine_addresses()[0], plane.port))
                pictures = seen.pictures
                await until(lambda before=pictures: seen.pictures > before, 4, "the lesson to go on")
            with pytest.raises(BlockingIOError):
                stranger.recv(1500)  # nothing was ever sent there
        assert (await rebound(plane)) == 0
