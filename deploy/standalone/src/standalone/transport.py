"""Which transport a database may be used with."""

import asyncpg

from chassis.errors import Conflict
from chassis.settings import Settings

WAITING = "SELECT count(*) FROM bus.delivery"


class DeliveriesWait(Conflict):
    sentence = "Deliveries still wait in the database: let them be handled on the local transport before you leave it."


async def check_transport(settings: Settings) -> None:
    """Raises DeliveriesWait when the bus is to be a broker while the database still holds deliveries."""
    if settings.local:
        return
    admin = await asyncpg.connect(settings.database_url)
    try:
        if await admin.fetchval("SELECT to_regclass('bus.delivery')") and await admin.fetchval(WAITING):
            raise DeliveriesWait
    finally:
        await admin.close()
