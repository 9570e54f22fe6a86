"""Bringing history in, looking at what was brought in, and undoing it."""

from uuid import UUID

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from club.clubs.addresses import AddressedClub
from club.history import store
from club.history.bringing import bring, rehearse
from club.history.ensure import KnownHere
from club.history.undoing import undo
from club.weeks.host import Host
from contracts.history import Import, ImportDocument, Imported, NewImport, Undone
from contracts.paging import Page

router = chassis_router(prefix="/imports", tags=["history"])


@router.post("")
async def import_history(new: NewImport, club_id: AddressedClub, _: Host, known: KnownHere, tx: Tx) -> Imported:
    """Write weeks that are long over, as closed ones; with `dry_run`, only tell what would be written."""
    if new.dry_run:
        return await rehearse(tx, club_id, new, known)
    return await bring(tx, club_id, new, known)


@router.get("")
async def list_imports(
    club_id: AddressedClub, _: Host, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[Import]:
    """The club's imports, newest first, the undone among them."""
    found = await store.page(tx, club_id, place_of(cursor), limit)
    more = encode_cursor(str(found[limit - 1].id)) if len(found) > limit else None
    return Page(items=await store.shown(tx, found[:limit]), next_cursor=more)


@router.get("/{import_id}")
async def one_import(  # noqa: PLR0913, PLR0917 — each is a parameter of the address
    import_id: UUID, club_id: AddressedClub, caller: Host, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> ImportDocument:
    """An import, and what it wrote, in the order it was written."""
    row = await store.find_import(tx, club_id, import_id)
    found = await store.items_page(tx, row.id, place_of(cursor), limit, with_discord=caller.sees_discord_ids)
    (told,) = await store.shown(tx, [row])
    more = encode_cursor(str(found[limit - 1].id)) if len(found) > limit else None
    return ImportDocument(**told.model_dump(), items=found[:limit], next_cursor=more)


@router.delete("/{import_id}")
async def undo_import(import_id: UUID, club_id: AddressedClub, _: Host, tx: Tx) -> Undone:
    """Take back what the import wrote; what was changed since stays, and is named."""
    return await undo(tx, club_id, import_id)
