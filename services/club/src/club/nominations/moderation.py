"""What admins do about nominations: one, or many at once."""

from typing import Annotated, TypeAlias

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.db import Tx
from chassis.errors import Refusal
from chassis.http import STATUS
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.albums.ensure import Albums, KnownAlbum, settle
from club.clubs.rules import check_admin
from club.nominations import answers, store
from club.nominations.correct import correct
from club.weeks.store import take_week
from contracts.batches import readable, unreadable
from contracts.corrections import Correction, CorrectionOf, CorrectionOutcome, Corrections
from contracts.ids import AlbumId, NominationId
from contracts.nominations import Nomination
from contracts.paging import Page

router = chassis_router(prefix="/admin/nominations", tags=["moderation"])

# The album that an item names, or why there is none.
Named: TypeAlias = KnownAlbum | Refusal


async def _admin(caller: SignedCaller) -> Caller:
    check_admin(caller)
    return caller


# Before an album is looked for: a stranger is told nothing of what there is.
Admin = Annotated[Caller, Depends(_admin)]


async def _album(correction: Correction, _: Admin, albums: Albums) -> KnownAlbum | None:
    return await albums.meant(correction.album) if correction.album else None


async def _albums(corrections: Corrections, _: Admin, albums: Albums) -> dict[int, Named]:
    given = {index: item.album for index, item in readable(corrections.items).items() if item.album}
    return dict(zip(given, await albums.each_meant(list(given.values())), strict=True))


@router.patch("/{nomination_id}")
async def correct_nomination(
    nomination_id: NominationId,
    correction: Correction,
    caller: Admin,
    album: Annotated[KnownAlbum | None, Depends(_album)],
    tx: Tx,
) -> Nomination:
    """Change what is given of a nomination, whatever phase its week is in; null empties pitch and tags."""
    week = await take_week(tx, await store.week_of(tx, nomination_id))
    album_id = await settle(tx, album) if album else None
    nomination = await store.take(tx, week.id, nomination_id)
    await correct(tx, week, nomination, correction, album_id, correction.reason)
    return await answers.one(tx, nomination_id, with_discord=caller.sees_discord_ids)


@router.patch("")
async def correct_nominations(
    corrections: Corrections, _: Admin, named: Annotated[dict[int, Named], Depends(_albums)], tx: Tx
) -> Page[CorrectionOutcome]:
    """The same for up to 100; what became of each. One that cannot be done costs the others nothing."""
    # Weeks before albums, and each in one order, so that two of these cannot wait for each other.
    weeks = await store.weeks_of(tx, [item.id for item in readable(corrections.items).values()])
    for week_id in sorted(set(weeks.values())):
        await take_week(tx, week_id)
    for known in sorted((each for each in named.values() if isinstance(each, KnownAlbum)), key=lambda each: each.id):
        await settle(tx, known)
    told = {
        index: CorrectionOutcome(index=index, id=item.id, status=422, code="invalid", detail=item.why)
        for index, item in unreadable(corrections.items).items()
    }
    for index, item in readable(corrections.items).items():
        told[index] = await _outcome(tx, index, item, named.get(index), corrections.reason)
    return Page(items=[told[index] for index in sorted(told)])


async def _outcome(
    tx: AsyncSession, index: int, item: CorrectionOf, album: Named | None, reason: str
) -> CorrectionOutcome:
    try:
        async with tx.begin_nested():
            await _correct_one(tx, item, album, reason)
    except Refusal as refusal:
        status = next(code for category, code in STATUS.items() if isinstance(refusal, category))
        return CorrectionOutcome(index=index, id=str(item.id), status=status, code=refusal.code, detail=str(refusal))
    return CorrectionOutcome(index=index, id=str(item.id), status=200)


async def _correct_one(tx: AsyncSession, item: CorrectionOf, album: Named | None, reason: str) -> None:
    if isinstance(album, Refusal):
        raise album
    week = await take_week(tx, await store.week_of(tx, item.id))
    nomination = await store.take(tx, week.id, item.id)
    album_id: AlbumId | None = album.id if album else None
    await correct(tx, week, nomination, item, album_id, reason)
