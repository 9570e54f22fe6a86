"""Letting somebody have left: nothing of what they listened to stays."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.forgetting import Leaver, drop
from listening.locks import keep_pieces
from listening.models import (
    Completion,
    Day,
    DayTrack,
    Decision,
    Hour,
    Import,
    ItemCount,
    LatestImport,
    MonthItem,
    NowPlaying,
    Play,
    Quarantined,
    Rating,
    Sighting,
    SyncTask,
    User,
    UserAlias,
    UserItem,
    UserSource,
)

# All that is of one person, by their `user_id`.
THEIRS = (
    Sighting,
    Play,
    Decision,
    NowPlaying,
    LatestImport,
    Quarantined,
    UserSource,
    Import,
    SyncTask,
    Day,
    Hour,
    DayTrack,
    MonthItem,
    UserItem,
    ItemCount,
    Completion,
    Rating,
)


async def leave(tx: AsyncSession, leaver: Leaver) -> None:
    # Else sums that are moved just now from piece to piece would be theirs again.
    await keep_pieces(tx)
    whose = [table.user_id for table in THEIRS]
    await drop(tx, leaver, *whose, User.id, aliases=UserAlias)
