"""Overriding the winner that a result named."""

from typing import Annotated

from fastapi import Depends, Request

from chassis.caller import Caller
from chassis.db import Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.albums.ensure import Albums, KnownAlbum
from club.clubs.rules import check_admin
from club.document.store import by_id, document
from club.overrides import store
from club.weeks.store import change_week, take_week
from club.winners.choice import album_of, decided
from contracts.club import WeekDocument
from contracts.ids import WeekId
from contracts.results import NewOverride

router = chassis_router(prefix="/admin/weeks/{week_id}/override-winner", tags=["admin"])


async def _admin(caller: SignedCaller) -> Caller:
    check_admin(caller)
    return caller


# A dependency, so that a stranger is refused before a neighbour is asked or a transaction begins.
Admin = Annotated[Caller, Depends(_admin)]


async def _album(
    request: Request, week_id: WeekId, _: Admin, override: NewOverride, albums: Albums
) -> KnownAlbum | None:
    return await album_of(request.app.state.db, week_id, override, albums)


Named = Annotated[KnownAlbum | None, Depends(_album)]


@router.post("")
async def override_winner(week_id: WeekId, override: NewOverride, caller: Admin, named: Named, tx: Tx) -> WeekDocument:
    """Set another winner than the result did, and answer the whole week; the result stays as it is.

    What wins already is no override: then nothing changes.
    """
    week = await take_week(tx, week_id)
    await store.check_decided(tx, week)
    winner = await decided(tx, week, override, named)
    if store.differs(week, winner):
        await change_week(tx, week, winner, reason=override.reason)
        await store.keep(tx, week, override.reason, caller.sub)
    return await document(tx, by_id(week_id), caller)
