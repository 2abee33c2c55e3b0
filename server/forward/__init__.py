"""The SFU's core, sans-IO: what came from a publisher in, what goes to each subscriber out.

The drain rule: every core here takes a packet or a report in, has its timer handled with `now` (monotonic seconds,
passed in), gives its output when asked, and names its next deadline; it owns no socket, no clock and no randomness of
its own.
"""
