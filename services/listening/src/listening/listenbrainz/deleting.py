"""Taking a listen back, as ListenBrainz names one: by its second, and by the id of its spelling."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import TrackId, UserId
from listening.history import changing
from listening.history.rules import NoSuchListen
from listening.listenbrainz.rules import LATEST, BadSubmission, read_json
from listening.models import Play, Sighting
from listening.plays.keys import ListenKey, first_id
from listening.plays.pages import SECOND
from listening.plays.rules import REACH


@dataclass(frozen=True)
class Named:
    at: datetime
    msid: TrackId


def read_named(body: bytes) -> Named:
    """Raises BadSubmission."""
    document = read_json(body)
    told: Mapping[str, Any] = document if isinstance(document, dict) else {}
    if told.get("listened_at") is None:
        raise BadSubmission("Listen timestamp missing.")
    if told.get("recording_msid") is None:
        raise BadSubmission("Recording MSID missing.")
    return Named(_moment(told["listened_at"]), _msid(told["recording_msid"]))


def _moment(told: Any) -> datetime:
    try:
        number = int(told)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if not 0 <= number <= LATEST:
        raise BadSubmission(f"{str(told)[:100]}: Listen timestamp invalid.")
    return datetime.fromtimestamp(number, tz=UTC)


def _msid(told: Any) -> TrackId:
    try:
        return TrackId(UUID(told))
    except (TypeError, ValueError, AttributeError) as error:
        raise BadSubmission(f"{str(told)[:100]}: Recording MSID format invalid.") from error


async def take_back(tx: AsyncSession, user_id: UserId, named: Named) -> None:
    """The play, with whatever was seen of it; of what is not there nothing is left either."""
    who = await changing.alone_with(tx, user_id)
    for key in await _meant(tx, who, named):
        # What was seen of one play goes together.
        with suppress(NoSuchListen):
            await changing.delete(tx, who, key)


async def _meant(tx: AsyncSession, user_id: UserId, named: Named) -> list[ListenKey]:
    """What is of a play that began in this second, and what was told of this second."""
    begun = (Play.id >= first_id(named.at), Play.id < first_id(named.at + SECOND))
    plays = select(Play.id).where(Play.user_id == user_id, *begun, Play.messy_id == named.msid)
    spelled = func.coalesce(Sighting.corrected_id, Sighting.messy_id) == named.msid
    told = and_(Sighting.listened_at >= named.at, Sighting.listened_at < named.at + SECOND, spelled)
    near = Sighting.listened_at.between(named.at - 2 * REACH, named.at + 2 * REACH)
    of = select(Sighting.listened_at, Sighting.messy_id, Sighting.source).where(Sighting.user_id == user_id, near)
    seen = of.where(~Sighting.hidden, or_(Sighting.play_id.in_(plays), told))
    return [ListenKey(*row) for row in await tx.execute(seen.order_by(*of.selected_columns))]
