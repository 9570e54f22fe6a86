"""A whole week, put together in a fixed number of queries."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from club.albums.store import albums
from club.models import Week
from club.nominations.answers import listing, people_of
from club.proof.store import commit_of
from club.ratings import sight
from club.ratings import store as ratings
from club.results.store import overridden
from club.votes import store as votes
from club.weeks import store as weeks
from contracts.club import WeekDocument


async def document(tx: AsyncSession, week: Week, caller: Caller) -> WeekDocument:
    with_discord = caller.sees_discord_ids
    refs = await weeks.refs_of(tx, [week.id])
    nominations = await listing(tx, week.id, with_discord=with_discord)
    winner = await albums(tx, [week.winner_album_id] if week.winner_album_id else [])
    hidden = await sight.hidden(tx, week, await sight.sight_of(tx, week.club_id, caller))
    won = next((each for each in nominations if each.id == week.winner_nomination_id), None)
    return WeekDocument(
        **weeks.shown(week, refs[week.id]),
        commit=await commit_of(tx, week.id),
        overridden=await overridden(tx, week.id),
        winner=winner[week.winner_album_id] if week.winner_album_id else None,
        nominator=won.nominator if won else None,
        co_nominators=people_of(won.co_nominators) if won else [],
        nominations=nominations,
        votes=await votes.summary(tx, week.id, with_discord=with_discord),
        ratings=await ratings.summary(tx, week, hidden=hidden),
    )
