"""Persistence: SQLAlchemy 2 (async) on SQLite or PostgreSQL, argon2, the configuration folder."""

from .config_files import read_county_config
from .database import Database, open_database
from .passwords import Argon2Hasher

__all__ = ["Argon2Hasher", "Database", "open_database", "read_county_config"]
