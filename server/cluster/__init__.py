"""Redis: the embedded server, commands to media workers, placement, leases, events, notices, the job queue."""
