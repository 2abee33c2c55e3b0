"""What the server costs, measured by `make bench`; its baselines run on the same machine in the same run."""
