"""Taking a club along, and bringing it back."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from chassis.announcer import Announcer
from chassis.db import Tx
from chassis.http import router as chassis_router
from chassis.streaming import Stream
from chassis.tokens import SignedCaller
from club.archive import afterwards, store
from club.archive.adopting import AdoptedExport
from club.archive.reading import SentExport
from club.archive.spreadsheets import spreadsheets
from club.archive.whole import whole_club
from club.audit.record import record
from club.clubs.addresses import AddressedClub
from club.clubs.rules import check_admin
from club.clubs.store import shown
from club.leaving.leave import leave
from club.merging.merge import fold_aliases
from contracts.archive import ExportFormat, Restored
from contracts.clubs import Slug
from contracts.ids import UserId

exports = chassis_router(prefix="/export", tags=["clubs"])
restores = chassis_router(prefix="/clubs", tags=["clubs"])

FILES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}, "application/zip": {}}}}
SENT = {
    "requestBody": {
        "required": True,
        "description": "What `GET …/export` answered.",
        "content": {"application/json": {}},
    }
}


async def _announcers(request: Request) -> dict[str, Announcer]:
    announcers: dict[str, Announcer] = request.app.state.announcers
    return announcers


Announcers = Annotated[dict[str, Announcer], Depends(_announcers)]


@exports.get("", response_class=StreamingResponse, responses=FILES)
async def export_club(
    club_id: AddressedClub,
    caller: SignedCaller,
    request: Request,
    format: ExportFormat = "json",  # noqa: A002 — as the address has it
) -> StreamingResponse:
    """All that is the club's own, polls that still run included: JSON to restore it, CSV to read it; for admins."""
    check_admin(caller)
    db, name = request.app.state.db, f"club-{request.path_params.get('slug', 'main')}"
    if format == "csv":
        return Stream(spreadsheets(db, club_id), "application/zip", f"{name}.zip")
    return Stream(whole_club(db, club_id, request.app.state.schema.age), "application/json", f"{name}.json")


@restores.post("/{slug}/restore", openapi_extra=SENT)
async def restore_club(
    slug: Slug, export: SentExport, adopted: AdoptedExport, announcers: Announcers, tx: Tx
) -> Restored:
    """Make an export this club, which is made if it is not there and must have no weeks; wholly, or not at all."""
    club, made = await store.take_empty_club(tx, slug)
    before = None if made else shown(club).model_dump() | {"rows": await store.clear(tx, club.id)}
    await store.change_club(tx, club, export.club)
    left = await adopted.settle(tx)
    await store.write(tx, club.id, export)
    await fold_aliases(tx, [person.user_id for person in adopted.people])
    for user_id in left:
        await leave(tx, user_id, [], UserId(uuid4()))
    rows = {"people": len(export.people), "albums": len(adopted.albums)}
    rows |= {name: len(each) for name, each in export.lists.items()}
    announced = await afterwards.announce(tx, club.id, announcers)
    results = await afterwards.verify(tx, club.id)
    await record(tx, "club.restored", club.id, club.id, before=before, after=shown(club).model_dump() | {"rows": rows})
    verified = sum(not result.faults for result in results)
    return Restored(club=shown(club), rows=rows, announced=announced, verified=verified, results=results)
