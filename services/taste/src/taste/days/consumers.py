"""Keeps what somebody listened to on a day."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.departures import hold
from contracts.listening import ListeningDayChanged
from taste.days.rules import Heard, by_album
from taste.marks import STALE
from taste.models import Day, UserAlias

consumer = Consumer()


@consumer.on(ListeningDayChanged)
async def copy_day(changed: ListeningDayChanged, tx: AsyncSession) -> None:
    user_id = changed.user_id
    # Of somebody who turned out to be somebody else, the days are told anew as the survivor's.
    if await hold(tx, [user_id]) or await survivor_of(tx, UserAlias, user_id) != user_id:
        return
    await keep_newest(tx, Day, _state(changed))
    await STALE.put(tx, user_id)


def _state(changed: ListeningDayChanged) -> dict[str, object]:
    heard = [] if changed.left_out else by_album(changed.plays)
    return {
        **changed.model_dump(include={"user_id", "day", "version", "left_out"}),
        "plays": [_row(each) for each in heard],
        "album_ids": sorted({each.album_id for each in heard if each.album_id}),
        "hours": [0] * 24 if changed.left_out else changed.hours,
    }


def _row(heard: Heard) -> dict[str, object]:
    album_id = str(heard.album_id) if heard.album_id else None
    tracks = [each._asdict() | {"id": str(each.id)} for each in heard.tracks]
    return heard._asdict() | {"artist_id": str(heard.artist_id), "album_id": album_id, "tracks": tracks}
