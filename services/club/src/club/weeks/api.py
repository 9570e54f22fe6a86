"""Making and changing weeks."""

from typing import Annotated

from fastapi import Depends, Response, status

from chassis.db import Tx
from chassis.http import router as chassis_router
from club.albums.ensure import Albums, KnownAlbum, settle
from club.clubs.addresses import AddressedClub
from club.phases.move import move_on
from club.phases.plan import planned
from club.weeks import rules, store
from club.weeks.host import Host
from club.winners import store as winners
from contracts.catalog import AlbumIn
from contracts.club import NewWeek, Week, WeekChanges
from contracts.ids import WeekId

router = chassis_router(prefix="/weeks", tags=["weeks"])


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": Week}})
async def open_week(new: NewWeek, _: Host, club_id: AddressedClub, response: Response, tx: Tx) -> Week:
    """Make the week of this number; for a number already there, set only what is carried."""
    week, made = await store.ensure_week(tx, club_id, new.number)
    fields = rules.carried(new) | await planned(tx, week, new)
    if made and new.phase is not None:
        fields["phase"] = new.phase
    await move_on(tx, week, fields.pop("phase", week.phase), fields, new.refs or (), new=made)
    if not made:
        response.status_code = status.HTTP_200_OK
    return await store.answer(tx, week)


async def _winner(_: Host, changes: WeekChanges, albums: Albums) -> KnownAlbum | None:
    if changes.winner_album_id is None:
        return None
    return await albums.meant(AlbumIn(album_id=changes.winner_album_id))


Winner = Annotated[KnownAlbum | None, Depends(_winner)]


@router.patch("/{week_id}")
async def change_week(week_id: WeekId, changes: WeekChanges, _: Host, winner: Winner, tx: Tx) -> Week:
    """Change only what is given; null empties the date and the winner, and gives the label its default."""
    fields = rules.changed(changes)
    week = await store.take_week(tx, week_id)
    if "winner_album_id" in changes.model_fields_set:
        album_id = await settle(tx, winner) if winner else None
        decided = await winners.by_album(tx, week, album_id)
        await winners.check_undecided(tx, week, decided)
        fields |= decided
    fields |= await planned(tx, week, changes)
    await move_on(tx, week, fields.pop("phase", week.phase), fields, changes.refs or ())
    return await store.answer(tx, week)
