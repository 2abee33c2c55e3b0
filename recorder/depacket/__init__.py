"""Sans-IO: RTP packets of one track in, whole frames out."""
