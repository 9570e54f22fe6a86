"""All that services keep of one person, gathered by events: what is asked, what each tells, and how far it is."""

from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Message
from contracts.ids import UserId

FORMAT, VERSION = "sidetrack-export", 1
ExportState = Literal["gathering", "ready", "failed"]
# Lists of items by their name: of each, the items in their order.
Sections: TypeAlias = dict[str, list[dict[str, Any]]]


class ExportJob(Message):
    """How far the export of oneself is."""

    id: UUID
    state: ExportState = Field(description="`failed`: a service has not answered within a day; ask again.")
    requested_at: datetime
    expires_at: datetime = Field(description="When it is deleted.")
    services: dict[str, Literal["waiting", "gathered"]] = Field(description="Of each service, whether it has answered.")


class ExportRequested(Event):
    """Somebody wants to have all that is kept of them, by every id they had."""

    topic: ClassVar[str] = "identity.export.requested"
    consumers: ClassVar[tuple[str, ...]] = ("club.gather_export", "listening.gather_export", "taste.gather_export")
    restated: ClassVar[bool] = False

    export_id: UUID
    user_id: UserId
    aliases: list[UserId]


class GatheredPart(Message):
    """A part of what a service keeps of somebody: at most 500 items. Parts are numbered from 0; the last says so."""

    export_id: UUID
    user_id: UserId
    number: int
    last: bool
    sections: Sections


class ClubExportGathered(GatheredPart, Event):
    """A part of what the club keeps of somebody."""

    topic: ClassVar[str] = "club.export.gathered"
    restated: ClassVar[bool] = False
    consumers: ClassVar[tuple[str, ...]] = ("identity.keep_club_part",)


class ListeningExportGathered(GatheredPart, Event):
    """A part of what listening keeps of somebody."""

    topic: ClassVar[str] = "listening.export.gathered"
    restated: ClassVar[bool] = False
    consumers: ClassVar[tuple[str, ...]] = ("identity.keep_listening_part",)


class TasteExportGathered(GatheredPart, Event):
    """A part of what taste keeps of somebody."""

    topic: ClassVar[str] = "taste.export.gathered"
    restated: ClassVar[bool] = False
    consumers: ClassVar[tuple[str, ...]] = ("identity.keep_taste_part",)
