"""Profiles as they are shown, to each as far as they may see them."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from contracts.profiles import Profile
from identity.follows.store import follows, numbers
from identity.models import User


async def profile(tx: AsyncSession, user: User, caller: Caller) -> Profile:
    followers, following = await numbers(tx, user.id)
    followed = await follows(tx, caller.user_id, user.id)
    more = {"followers": followers, "following": following, "followed_by_you": followed}
    hidden = {} if caller.sees_discord_ids else {"discord_id": None}
    if not (caller.is_user(user.id) or caller.has("admin")):
        hidden["privacy"] = None
    return Profile.model_validate(user).model_copy(update=more | hidden)
