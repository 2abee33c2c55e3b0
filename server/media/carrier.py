"""What the engine and the senders need of a way to peers, whatever it is made of.

A UDP socket is one (`server.media.mmsg.MediaSocket`); so are all TCP connections of one listener together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import asyncio

    from server.media.mmsg import MediaSocket, Sender

Names = list[int] | NDArray[np.uint64]
"""Pointers to remote sockaddrs: a list for a few, an array for many. What was handed over is not changed any more."""

Take = Callable[[int, list[bytes], bytes], None]
"""`take(index, datagrams, name)`: whole datagrams that one remote address sent."""


class Carrier(Protocol):
    """Carries datagrams to and from remote addresses; a path is `(carrier.index, remote sockaddr)`."""

    index: int
    address: str
    port: int
    name_length: int  # bytes of its remote sockaddrs
    segments: bool  # whether it takes segmented sends (`server.media.gso`) on its `fd`
    fd: int

    def attach(self, loop: asyncio.AbstractEventLoop, readable: Callable[[MediaSocket], None], take: Take) -> None:
        """Begin to receive: by `readable` when the engine reads itself, else by `take`."""
        ...

    def detach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop receiving, and close."""
        ...

    def send_to(self, data: bytes, name: bytes) -> bool:
        """One datagram; False when it was not taken."""
        ...

    def send_rows(self, sender: Sender, count: int, names: Names, name_length: int) -> int:
        """The sender's first `count` rows to `names`, each of which has `count // len(names)` rows one after another.

        Returns how many left; those that did not are counted in `sender.dropped`.
        """
        ...
