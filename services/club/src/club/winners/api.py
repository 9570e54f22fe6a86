"""Deciding the winner."""

from typing import Annotated

from fastapi import Depends, Request

from chassis.db import Tx
from chassis.http import router as chassis_router
from club.albums.ensure import Albums, KnownAlbum
from club.document.store import by_id, document
from club.weeks.host import Host
from club.weeks.store import change_week, take_week
from club.winners import store
from club.winners.choice import album_of, decided
from contracts.club import NewWinner, WeekDocument
from contracts.ids import WeekId

router = chassis_router(prefix="/weeks/{week_id}/winner", tags=["winners"])


async def _album(request: Request, week_id: WeekId, _: Host, choice: NewWinner, albums: Albums) -> KnownAlbum | None:
    return await album_of(request.app.state.db, week_id, choice, albums)


Named = Annotated[KnownAlbum | None, Depends(_album)]


@router.post("")
async def choose_winner(week_id: WeekId, choice: NewWinner, caller: Host, named: Named, tx: Tx) -> WeekDocument:
    """Decide the winner, by nomination or by album, and answer the whole week; the same again changes nothing."""
    week = await take_week(tx, week_id)
    winner = await decided(tx, week, choice, named)
    await store.check_undecided(tx, week, winner)
    await change_week(tx, week, winner)
    return await document(tx, by_id(week_id), caller)
