"""The audit of a service that another one keeps and answers: each entry is announced as it is made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.announcer import Announcer
from chassis.audit import Audited
from chassis.outbox import publish
from contracts.event import Event


class Journal:
    """`event` has, besides its version, the `entry`."""

    def __init__(self, event: type[Event]) -> None:
        self._event, self._service = event, event.topic.partition(".")[0]

    async def record(  # noqa: PLR0913, PLR0917 — what an entry says
        self,
        tx: AsyncSession,
        action: str,
        subject_id: UUID | str,
        before: BaseModel | Mapping[str, Any] | None,
        after: BaseModel | Mapping[str, Any] | None,
        reason: str | None = None,
    ) -> None:
        """Keep and announce a write, unless nothing differs."""
        row = await audit.record(tx, self._service, action, subject_id, before=before, after=after, reason=reason)
        if row is not None:
            await publish(tx, *await self._told(tx, [row]))

    async def record_made(self, tx: AsyncSession, action: str, made: Iterable[tuple[UUID, BaseModel]]) -> None:
        """Keep and announce that these came to be, many at once."""
        rows = await audit.record_made(tx, self._service, action, made)
        await publish(tx, *await self._told(tx, rows))

    @property
    def announcer(self) -> Announcer:
        return Announcer(self._event, Audited, self._told)

    async def _told(self, _: AsyncSession, rows: Sequence[Audited]) -> list[Event]:
        told = [{"version": row.version, "entry": audit.entry(row)} for row in rows]
        return [self._event.model_validate(each) for each in told]
