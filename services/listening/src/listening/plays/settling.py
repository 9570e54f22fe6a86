"""Looking at sightings again, as far as something of them changed: once for plays, links and sums."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from listening.plays import store
from listening.plays.change import Change, component, settle, spans
from listening.plays.keys import ListenKey
from listening.plays.rules import REACH, Decisions, Seen
from listening.plays.store import Found
from listening.sums.store import add

Zones = Mapping[UserId, str | None]


async def look_again(
    tx: AsyncSession,
    touched: Mapping[UserId, Collection[ListenKey]],
    zones: Zones,
    new: Mapping[UserId, Collection[Seen]] = {},
) -> Change:
    """What the rule makes of `touched` sightings and all that hang together with them; nothing is written yet.

    `new` ones are not kept yet. Whoever asks is alone with these people (`listening.locks`).
    """
    change = Change()
    decisions = await store.decisions_of(tx, touched)
    found = await _around(tx, touched)
    for user_id, keys in touched.items():
        theirs = decisions.get(user_id, {})
        known = {each.seen.key: each for each in found.get(user_id, ())}
        own = new.get(user_id, ())
        whole = await _whole(tx, user_id, touched=keys, known=known, new=own, decisions=theirs)
        before = {key: known[key].play_id for key in whole if key in known}
        of = {(user_id, play) for play in before.values() if play is not None}
        kept = {play: row for (_, play), row in (await store.plays_by_id(tx, of)).items()}
        seen = [whole[key] for key in sorted(whole)]
        settle(change, user_id, zones[user_id], seen=seen, decisions=theirs, before=before, kept=kept)
    return change


async def drop(tx: AsyncSession, change: Change, user_id: UserId, zone: str | None, plays: Collection[UUID]) -> None:
    """Let plays be gone that nothing is left of."""
    for (_, play), row in (await store.plays_by_id(tx, {(user_id, play) for play in plays})).items():
        change.drop(user_id, zone, play, row)


async def write(tx: AsyncSession, change: Change, *, but: Collection[tuple[UserId, ListenKey]] = ()) -> None:
    """Let plays, links and sums be so; `but` these sightings, which are written with their links besides."""
    await store.drop_plays(tx, change.dropped)
    await store.add_plays(tx, change.added)
    here = {*but}
    moved = [each for each in change.placed if (each.user_id, each.key) not in here]
    await store.link_sightings(tx, [(each.user_id, each.key, each.play_id, each.link) for each in moved])
    await add(tx, change.deltas)


async def _around(tx: AsyncSession, touched: Mapping[UserId, Collection[ListenKey]]) -> dict[UserId, list[Found]]:
    stretches = [
        (user_id, start, end)
        for user_id, keys in touched.items()
        for start, end in spans(key.listened_at for key in keys)
    ]
    found: dict[UserId, list[Found]] = {}
    for each in await store.sightings_within(tx, stretches):
        found.setdefault(each.user_id, []).append(each)
    return found


async def _whole(  # noqa: PLR0913 — what one person's sightings are judged by
    tx: AsyncSession,
    user_id: UserId,
    *,
    touched: Collection[ListenKey],
    known: dict[ListenKey, Found],
    new: Collection[Seen],
    decisions: Decisions,
) -> dict[ListenKey, Seen]:
    """All that hangs together with `touched`; `known` grows by what lies so far away that it was not looked at yet."""
    looked_at = {*touched}
    while True:
        seen = {key: each.seen for key, each in known.items()} | {each.key: each for each in new}
        reached = component(seen.values(), touched, decisions)
        reached |= _partners(known, reached)
        far = {key for key in reached | _named(decisions, reached) if not _near(key, looked_at)}
        if not far:
            return {key: seen[key] for key in reached}
        looked_at |= far
        for each in (await _around(tx, {user_id: far})).get(user_id, ()):
            known.setdefault(each.seen.key, each)
        touched = {*touched, *reached}


def _partners(known: Mapping[ListenKey, Found], reached: Collection[ListenKey]) -> set[ListenKey]:
    """Whatever is so far of one play with something that is looked at."""
    plays: set[UUID | None] = {known[key].play_id for key in reached if key in known} - {None}
    return {key for key, each in known.items() if each.play_id in plays}


def _named(decisions: Decisions, reached: Collection[ListenKey]) -> set[ListenKey]:
    return {key for pair, together in decisions.items() if together and {*pair} & {*reached} for key in pair}


def _near(key: ListenKey, looked_at: Collection[ListenKey]) -> bool:
    return any(abs(key.listened_at - each.listened_at) <= REACH for each in looked_at)
