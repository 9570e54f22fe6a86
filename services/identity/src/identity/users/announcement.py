"""How a person is announced."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identity import UserChanged
from contracts.privacy import Privacy
from identity.models import User


def state(user: User) -> UserChanged:
    return UserChanged(
        user_id=user.id,
        version=user.version,
        display_name=user.display_name,
        handle=user.handle,
        avatar_url=user.avatar_url,
        discord_id=user.discord_id,
        timezone=user.timezone,
        privacy=Privacy.model_validate(user.privacy),
    )


async def states(_: AsyncSession, users: Sequence[User]) -> list[UserChanged]:
    return [state(user) for user in users]
