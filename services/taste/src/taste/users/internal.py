"""What identity says at once when somebody shows less than before; the event that follows says the same."""

from chassis.db import Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedService
from contracts.identity import UserChanged
from taste.users.store import keep_user

router = chassis_router(prefix="/internal/tasters", tags=["internal"])


@router.post("/privacy")
async def keep_privacy(changed: UserChanged, _: SignedService, tx: Tx) -> UserChanged:
    """Let the person be as they are told to be, unless something newer is known."""
    await keep_user(tx, changed)
    return changed
