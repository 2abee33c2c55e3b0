"""The libc calls Python's socket module lacks, through cffi in ABI mode: it needs no compiler."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cffi import FFI

_DECLARATIONS = """
typedef unsigned int socklen_t;
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                void *msg_control; size_t msg_controllen; int msg_flags; };
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
ssize_t sendto(int, const void *, size_t, int, const void *, socklen_t);
struct ifaddrs { struct ifaddrs *ifa_next; char *ifa_name; unsigned int ifa_flags; unsigned char *ifa_addr;
                 void *ifa_netmask; void *ifa_dstaddr; void *ifa_data; };
int getifaddrs(struct ifaddrs **);
void freeifaddrs(struct ifaddrs *);
"""


class LibC(NamedTuple):
    """`lib` has the functions, `ffi` the types and `errno`."""

    lib: Any
    ffi: Any


@cache
def libc() -> LibC:
    """The process's own C library."""
    ffi = FFI()
    ffi.cdef(_DECLARATIONS)
    return LibC(ffi.dlopen(None), ffi)
