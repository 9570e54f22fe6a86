"""One Alembic environment for every schema, and the tables the chassis brings into each."""
