"""Tables that a test which commits has written to, and their emptying."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from listening.models import ListeningTable

WRITTEN = [table.name for table in ListeningTable.metadata.sorted_tables] + ["outbox"]


async def empty(settings):
    owner = create_async_engine(settings.role_url("listening_owner"))
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(f'listening.{name}' for name in WRITTEN)}"))
    await owner.dispose()
