"""A person in an address: `discord:<snowflake>`, a user id, or `me`. No I/O here."""

from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import Path

from contracts.identity import UserIn
from contracts.ids import UserId

DISCORD = "discord:"
SPELLED = r"^(?:me|discord:[1-9][0-9]{0,19}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
UserPath: TypeAlias = Annotated[str, Path(pattern=SPELLED, description="`discord:<snowflake>`, a user id, or `me`.")]


def named(path: str) -> UserIn | None:
    """The user as a body would name them; None for oneself, whom a body leaves out."""
    if path == "me":
        return None
    if path.startswith(DISCORD):
        return UserIn(discord_id=path.removeprefix(DISCORD))
    return UserIn(user_id=UserId(UUID(path)))
