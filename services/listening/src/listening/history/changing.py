"""Setting one's own listens right: each change looks at the plays again, and at their sums, in one transaction."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.plays import Correction
from listening.history import store
from listening.history.rules import AloneAlready, OnePlayAlready, check_near, pair
from listening.ingest.take import meet, zones_of
from listening.locks import be_alone_with
from listening.names.store import Said
from listening.plays.change import Change
from listening.plays.keys import ListenKey
from listening.plays.settling import drop, look_again, write


async def alone_with(tx: AsyncSession, user_id: UserId) -> UserId:
    """Who that is now, with whose listens nobody else has to do until `tx` ends."""
    return (await be_alone_with(tx, [user_id])).get(user_id, user_id)


async def join(tx: AsyncSession, user_id: UserId, one: ListenKey, other: ListenKey) -> None:
    """Let two listens be of one play, whatever the rule says; raises OnePlayAlready, TooFarApart, NoSuchListen."""
    first, second = await store.listen(tx, user_id, one), await store.listen(tx, user_id, other)
    if first.play_id == second.play_id:
        raise OnePlayAlready
    check_near(one, other)
    await store.decide(tx, user_id, [pair(one, other)], together=True)
    await _look(tx, user_id, [one, other])


async def split(tx: AsyncSession, user_id: UserId, one: ListenKey) -> None:
    """Let a listen be of a play of its own; raises AloneAlready, NoSuchListen."""
    members = await _members(tx, user_id, one)
    if len(members) == 1:
        raise AloneAlready
    apart = [pair(one, other) for other in members if other != one]
    await store.decide(tx, user_id, apart, together=False)
    await _look(tx, user_id, members)


async def delete(tx: AsyncSession, user_id: UserId, one: ListenKey) -> None:
    """Let a play, and all that was seen of it, be gone; raises NoSuchListen."""
    kept = await store.listen(tx, user_id, one)
    members = [store.key(row.Sighting) for row in await store.all_of_play(tx, user_id, kept)]
    zones, change = await zones_of(tx, {user_id}), Change()
    await drop(tx, change, user_id, zones[user_id], [kept.play_id] if kept.play_id else [])
    await store.hide(tx, user_id, members)
    await write(tx, change)


async def correct(tx: AsyncSession, user_id: UserId, one: ListenKey, said: Correction) -> None:
    """Let all that was seen of a play mean another track; raises NoSuchListen."""
    members = await _members(tx, user_id, one)
    means = Said(said.artist, said.title, said.album)
    await meet(tx, {means.id: means})
    await store.correct(tx, user_id, members, means.id)
    await _look(tx, user_id, members)


async def _members(tx: AsyncSession, user_id: UserId, one: ListenKey) -> Sequence[ListenKey]:
    rows = await store.all_of_play(tx, user_id, await store.listen(tx, user_id, one))
    return [store.key(row.Sighting) for row in rows]


async def _look(tx: AsyncSession, user_id: UserId, touched: Sequence[ListenKey]) -> None:
    zones = await zones_of(tx, {user_id})
    await write(tx, await look_again(tx, {user_id: touched}, zones))
