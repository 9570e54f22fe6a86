"""What somebody likes, over HTTP."""

from chassis.db import Read
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.taste import TasteProfile
from taste.profiles.showing import shown, withheld_from
from taste.profiles.store import kept_of
from taste.sight import SeenPerson

router = routes(prefix="/users/{user_id}", tags=["taste"])


@router.get("/taste")
async def read_taste(user: SeenPerson, caller: SignedCaller, tx: Read) -> TasteProfile:
    """What somebody likes, drawn from what they played and how they rated; a moment behind what was told last."""
    return shown(await kept_of(tx, user.id), withheld_from(caller, user))
