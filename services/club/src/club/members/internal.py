"""What identity says at once when somebody shows less than before; the event that follows says the same."""

from chassis.db import Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedService
from club.members import store
from contracts.identity import UserChanged

router = chassis_router(prefix="/internal/members", tags=["internal"])


@router.post("/privacy")
async def keep_privacy(changed: UserChanged, _: SignedService, tx: Tx) -> UserChanged:
    """Take over a person as identity tells them, unless something newer is known."""
    await store.follow(tx, changed)
    return changed
