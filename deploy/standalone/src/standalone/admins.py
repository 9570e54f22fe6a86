"""The first person who may do everything."""

from chassis.db import opened
from chassis.settings import Settings
from identity.handles.rules import check_handle
from identity.logins.registering import register
from identity.passwords.hashing import hashed
from identity.passwords.rules import check_password

ROLE = "identity"


async def create(settings: Settings, handle: str, password: str) -> str:
    """Make somebody an admin who signs in with a password; the handle. Raises what the rules refuse."""
    handle = check_handle(handle)
    phc = hashed(check_password(password, handle))
    async with opened(settings, ROLE) as db, db.transaction() as tx:
        await register(tx, handle, None, phc, admin=True)
    return handle
