"""Media that the kernel counts: a socket filter drops it before it costs this process anything."""

from __future__ import annotations

import ctypes
import socket
import struct

SO_ATTACH_FILTER = 26  # asm-generic/socket.h
SO_MEMINFO = 55
DROPS = 8  # index of SK_MEMINFO_DROPS

# Classic BPF; offset 8 is the first byte behind the UDP header. RTP is dropped; STUN, DTLS and RTCP come through.
_LOAD_BYTE, _JUMP_GE, _RETURN = 0x30, 0x35, 0x06
_PROGRAM = (
    (_LOAD_BYTE, 0, 0, 8),
    (_JUMP_GE, 0, 3, 128),  # below: STUN or DTLS
    (_LOAD_BYTE, 0, 0, 9),
    (_JUMP_GE, 0, 2, 192),
    (_JUMP_GE, 1, 0, 224),  # 192..223: RTCP
    (_RETURN, 0, 0, 0xFFFFFFFF),
    (_RETURN, 0, 0, 0),
)


def drop_media(sock: socket.socket) -> None:
    """Drop RTP in the kernel from now on; `dropped` counts it."""
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _PROGRAM)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("@HP", len(_PROGRAM), ctypes.addressof(buffer))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def dropped(sock: socket.socket) -> int:
    """Datagrams the kernel dropped at this socket: with the filter all media; without, what overflowed."""
    return int(struct.unpack_from("=9I", sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36))[DROPS])
