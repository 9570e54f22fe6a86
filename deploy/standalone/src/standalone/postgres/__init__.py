"""The embedded PostgreSQL: a real server of the home's own, on a free port of 127.0.0.1, that ends with its process."""

from standalone.postgres.server import Postgres, find_running, reached

__all__ = ["Postgres", "find_running", "reached"]
