"""Who did what, in the same transaction as the doing: rows that the service itself can neither change nor delete."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from sqlalchemy import BigInteger, Index, func
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Base, Timestamp, first_version, table_of
from contracts.audit import AuditEntry

# What runs by a clock or on an event has no caller.
BY_ITSELF = "service"


class Audited(Base):
    """One write. `version` is only for saying it again after a restore."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    service: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[str]
    club_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    request_id: Mapped[str | None]

    __table_args__ = (Index(None, "subject_id", "id"), Index(None, "actor_id", "id"))


_KEEP = insert(table_of(Audited)).returning(*table_of(Audited).c)


async def record(  # noqa: PLR0913 — what an entry says
    tx: AsyncSession,
    service: str,
    action: str,
    subject_id: UUID | str,
    *,
    club_id: UUID | None = None,
    before: BaseModel | Mapping[Any, Any] | None = None,
    after: BaseModel | Mapping[Any, Any] | None = None,
    reason: str | None = None,
) -> Audited | None:
    """Keep what was done by whoever is asking, unless nothing differs: then None."""
    was, now = difference(before, after)
    if not was and not now and (before is not None or after is not None):
        return None
    told = {"before": was, "after": now, "club_id": club_id, "reason": reason}
    (kept,) = await _keep(tx, [_by_whom(service) | _what(action, subject_id) | told])
    return kept


async def record_made(
    tx: AsyncSession, service: str, action: str, made: Iterable[tuple[UUID, BaseModel]]
) -> Sequence[Audited]:
    """Keep that these came to be by whoever is asking, many at once."""
    whose = _by_whom(service)
    rows = [whose | _what(action, subject_id) | {"after": _plain(state)} for subject_id, state in made]
    return await _keep(tx, rows) if rows else []


async def _keep(tx: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[Audited]:
    return [Audited(**kept) for kept in (await tx.execute(_KEEP, rows)).mappings()]


def _by_whom(service: str) -> dict[str, Any]:
    bound = structlog.contextvars.get_contextvars()
    kind, _, who = bound.get("actor", f"{BY_ITSELF}:{service}").partition(":")
    return {"service": service, "actor_kind": kind, "actor_id": who, "request_id": bound.get("request_id")}


def _what(action: str, subject_id: UUID | str) -> dict[str, Any]:
    return {"id": uuid7(), "action": action, "subject_id": str(subject_id)}


def difference(
    before: BaseModel | Mapping[Any, Any] | None, after: BaseModel | Mapping[Any, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Of two states, as JSON, what is not the same in both; a state that was not there stays None."""
    was, now = _plain(before), _plain(after)
    if was is None or now is None:
        return was, now
    differ = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return tuple({name: state[name] for name in differ if name in state} for state in (was, now))  # type: ignore[return-value]  # two of them, which mypy does not count


def _plain(state: BaseModel | Mapping[Any, Any] | None) -> dict[str, Any] | None:
    if state is None:
        return None
    plain: dict[str, Any] = to_jsonable_python(state)
    # Raised by every write: it says nothing of what was done.
    return {name: value for name, value in plain.items() if name not in {"version", "updated_at"}}


def entry(row: Audited) -> AuditEntry:
    return AuditEntry.model_validate(row)
