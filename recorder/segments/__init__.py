"""Sans-IO: frames in, bytes of CMAF or WebM files out, in chunks that stand by themselves."""
