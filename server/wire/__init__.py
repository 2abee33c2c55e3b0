"""Bytes to values and back: STUN, RTP, RTCP, SDP. No I/O, no clock, standard library only."""
