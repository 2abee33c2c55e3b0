"""One remote end: ICE (lite), DTLS, SRTP. Sans-IO; the only place that touches crypto."""
