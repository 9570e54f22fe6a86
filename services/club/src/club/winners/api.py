"""Deciding the winner."""

from typing import Annotated

from fastapi import Depends, Request

from chassis.db import Tx
from chassis.http import router as chassis_router
from club.albums.ensure import Albums, KnownAlbum, settle
from club.document.store import document
from club.weeks.host import Host
from club.weeks.store import change_week, take_week
from club.winners import store
from contracts.club import NewWinner, WeekDocument
from contracts.ids import WeekId

router = chassis_router(prefix="/weeks/{week_id}/winner", tags=["winners"])


async def _album(request: Request, week_id: WeekId, _: Host, choice: NewWinner, albums: Albums) -> KnownAlbum | None:
    """The album of the choice: of several of one name the one that was nominated, so the week is looked at first."""
    if choice.album is None:
        return None
    async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
        nominated = await store.nominated(tx, week_id, choice.album)
    return KnownAlbum(nominated) if nominated else await albums.meant(choice.album)


Named = Annotated[KnownAlbum | None, Depends(_album)]


@router.post("")
async def choose_winner(week_id: WeekId, choice: NewWinner, caller: Host, named: Named, tx: Tx) -> WeekDocument:
    """Decide the winner, by nomination or by album, and answer the whole week; the same again changes nothing."""
    week = await take_week(tx, week_id)
    if choice.nomination_id is not None:
        winner = await store.by_nomination(tx, week, choice.nomination_id)
    else:
        winner = await store.by_album(tx, week, await settle(tx, named) if named else None)
    await store.check_undecided(tx, week, winner)
    await change_week(tx, week, winner)
    return await document(tx, week, caller)
