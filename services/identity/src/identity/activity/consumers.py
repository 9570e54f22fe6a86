"""Keeps what is told of people's doings elsewhere. Each event is a whole state, so their order does not matter."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.departures import AccountDeleted, hold
from contracts.ids import UserId
from contracts.listening import AlbumCompleted
from contracts.nominations import NominationChanged
from contracts.phases import WeekChanged
from contracts.ratings import RatingGiven
from contracts.results import ResultComputed
from identity.activity import store
from identity.activity.rules import news_at
from identity.merging.aliases import settle

consumer = Consumer()


@consumer.on(RatingGiven)
async def note_rating(given: RatingGiven, tx: AsyncSession) -> None:
    if await hold(tx, [given.user_id]):
        return
    await store.keep(
        tx,
        kind="rated",
        subject_id=given.week_id,
        user_id=given.user_id,
        version=given.version,
        at=news_at(given.given_at, given.visible_from),
        seen_from=given.visible_from,
        withdrawn=given.withdrawn,
        week_id=given.week_id,
        album_id=given.album_id,
        half_steps=given.rating,
    )
    await store.take_part(tx, given.week_id, [given.user_id])


@consumer.on(NominationChanged)
async def note_nomination(changed: NominationChanged, tx: AsyncSession) -> None:
    facts = {"week_id": changed.week_id, "album_id": changed.album_id, "at": changed.created_at}
    whose = [] if changed.withdrawn else await _staying(tx, changed.user_ids)
    await store.replace(tx, "nominated", changed.nomination_id, changed.version, whose, facts)
    await store.take_part(tx, changed.week_id, whose)


@consumer.on(ResultComputed)
async def note_result(computed: ResultComputed, tx: AsyncSession) -> None:
    facts = {"week_id": computed.week_id, "album_id": computed.winner_album_id, "at": computed.computed_at}
    whose = [item.user_id for item in computed.items if item.nomination_id == computed.winner]
    staying = await _staying(tx, whose)
    await store.replace(tx, "won", computed.week_id, computed.version, staying, facts)


@consumer.on(WeekChanged)
async def note_week(changed: WeekChanged, tx: AsyncSession) -> None:
    """Of which club a week is: ratings and results do not say it."""
    await store.keep_week(tx, changed.week_id, changed.version, changed.club_id)


@consumer.on(AlbumCompleted)
async def note_completed(completed: AlbumCompleted, tx: AsyncSession) -> None:
    """Listening tells nothing anew of who was merged: what it tells late is the survivor's."""
    if await hold(tx, [completed.user_id]):
        return
    try:
        user_id = await settle(tx, completed.user_id)
    except AccountDeleted:
        return
    await store.keep(
        tx,
        kind="listened",
        subject_id=completed.album_id,
        user_id=user_id,
        version=completed.version,
        at=completed.completed_at,
        seen_from=completed.completed_at,
        withdrawn=completed.withdrawn,
        album_id=completed.album_id,
    )


async def _staying(tx: AsyncSession, ids: Sequence[UserId]) -> list[UserId]:
    """Those of them who have not left, nor do until `tx` ends."""
    gone = await hold(tx, ids)
    return [each for each in ids if each not in gone]
