"""How much one participant's downlink carries, estimated where the media is sent (Google Congestion Control).

Sources: draft-ietf-rmcat-gcc-02 and what libwebrtc made of it since (trendline filter, acknowledged bitrate, probes).
`arrivals` turns feedback into delay changes, `trendline` into over- or underuse, `aimd` into a bitrate; `loss` limits
it, `probes` raise it faster; `estimator` is one session, `budget` joins the sessions that share a link.
docs/adaptation.md tells why it is done this way. Times are seconds, bitrates bit/s, sizes bytes with headers.
"""
