"""What the services announce of who did what, and how the club service answers it."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Message


class AuditEntry(Message):
    """One write: by whom, to what, from what to what, and why. Of `before` and `after` only what differs."""

    id: UUID
    at: datetime
    service: str
    actor_kind: str = Field(description="Of the caller: bot, admin, user, worker, or service for what runs by itself.")
    actor_id: str = Field(description="The user's id, the key's id, or the service's name.")
    action: str = Field(examples=["week.changed"])
    subject_id: str = Field(description="The id of what was written.")
    club_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    request_id: str | None


class IdentityAuditRecorded(Event):
    """A write in identity."""

    topic: ClassVar[str] = "identity.audit.recorded"
    consumers: ClassVar[tuple[str, ...]] = ("club.keep_identity_audit",)

    entry: AuditEntry


class CatalogAuditRecorded(Event):
    """A write in the catalogue."""

    topic: ClassVar[str] = "catalog.audit.recorded"
    consumers: ClassVar[tuple[str, ...]] = ("club.keep_catalog_audit",)

    entry: AuditEntry


class TasteAuditRecorded(Event):
    """A write in taste."""

    topic: ClassVar[str] = "taste.audit.recorded"
    consumers: ClassVar[tuple[str, ...]] = ("club.keep_taste_audit",)

    entry: AuditEntry
