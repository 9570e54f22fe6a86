"""How far a client has brought somebody's listens from elsewhere, which it asks before it brings more."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.listens import Source
from listening.listenbrainz.rules import LATEST, BadSubmission, read_json
from listening.locks import be_alone_with
from listening.models import LatestImport

USUAL = "lastfm"
_SERVICE: TypeAdapter[str] = TypeAdapter(Source)


class Reached(NamedTuple):
    service: str
    ts: int


def read_service(told: Any) -> str:
    """Raises BadSubmission."""
    try:
        return _SERVICE.validate_python(told or USUAL)
    except ValidationError as error:
        raise BadSubmission("Invalid data sent") from error


def read_reached(body: bytes) -> Reached:
    """Raises BadSubmission."""
    document = read_json(body)
    told: Mapping[str, Any] = document if isinstance(document, dict) else {"ts": "none"}
    try:
        ts = int(told.get("ts", 0))
    except (TypeError, ValueError, OverflowError) as error:
        raise BadSubmission("Invalid data sent") from error
    if not 0 <= ts <= LATEST:
        raise BadSubmission("Invalid data sent")
    return Reached(read_service(told.get("service")), ts)


async def reached(tx: AsyncSession, user_id: UserId, service: str) -> int:
    ts = select(LatestImport.ts).where(LatestImport.user_id == user_id, LatestImport.service == service)
    return await tx.scalar(ts) or 0


async def reach(tx: AsyncSession, user_id: UserId, how_far: Reached) -> None:
    """It never goes back."""
    who = await be_alone_with(tx, [user_id])
    if user_id in who:
        row = insert(LatestImport).values(user_id=who[user_id], service=how_far.service, ts=how_far.ts)
        further = func.greatest(LatestImport.ts, row.excluded.ts)
        of = [LatestImport.user_id, LatestImport.service]
        await tx.execute(row.on_conflict_do_update(index_elements=of, set_={"ts": further}))
