"""What Alembic runs for each schema: one migrator at a time, which never waits long for a lock others hold."""

from alembic import context
from sqlalchemy import Connection, text

PATIENCE = "SET lock_timeout = '10s'"
# Held by the session, so that a second migrator waits for the first and then finds nothing to do.
ALONE = text("SELECT pg_advisory_lock(hashtext('sidetrack.migrate.' || current_schema()))")
DONE = text("SELECT pg_advisory_unlock(hashtext('sidetrack.migrate.' || current_schema()))")


def migrate(connection: Connection) -> None:
    connection.execute(ALONE)
    connection.exec_driver_sql(PATIENCE)
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=context.config.attributes["metadata"],
            transaction_per_migration=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if connection.in_transaction():
            connection.rollback()
        connection.execute(DONE)
        connection.commit()


migrate(context.config.attributes["connection"])
