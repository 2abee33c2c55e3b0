"""Alembic scripts, run by `server.store.migrate`."""
