"""Keeps who did what in the club."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from contracts.ids import ClubId


async def record(  # noqa: PLR0913 — what an entry says
    tx: AsyncSession,
    action: str,
    subject_id: UUID | str,
    club_id: ClubId | None,
    *,
    before: BaseModel | Mapping[Any, Any] | None = None,
    after: BaseModel | Mapping[Any, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Only what differs is kept, and nothing when nothing does; who asked is known from the request."""
    await audit.record(tx, "club", action, subject_id, club_id=club_id, before=before, after=after, reason=reason)
