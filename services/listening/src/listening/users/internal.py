"""What identity says at once when somebody shows less than before; the event that follows says the same."""

from sqlalchemy import update

from chassis.db import Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedService
from contracts.identity import UserChanged
from listening.models import User

router = chassis_router(prefix="/internal/listeners", tags=["internal"])


@router.post("/privacy")
async def keep_privacy(changed: UserChanged, _: SignedService, tx: Tx) -> UserChanged:
    """Take over what a person shows, unless something newer is known; the rest of them comes with the event."""
    older = update(User).where(User.id == changed.user_id, User.version <= changed.version)
    # With its version: what was told late is not to show more again. The event is as new, and so brings the rest.
    await tx.execute(older.values(privacy=changed.privacy.model_dump(), version=changed.version))
    return changed
