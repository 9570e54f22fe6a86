"""A gathered export as one JSON document, streamed: however much there is, one part of it is held."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from chassis.streaming import one_moment
from contracts.exports import FORMAT, VERSION
from contracts.ids import UserId
from identity.exports import rules, store
from identity.models import Export, ExportPart, User


async def document(db: Transactions, user_id: UserId) -> AsyncGenerator[bytes, None]:
    """The document, in chunks. Raises NoExport and ExportNotReady before the first."""
    async with one_moment(db) as tx:
        export = await store.latest(tx, user_id)
        if export is None:
            raise rules.NoExport
        if export.ready_at is None:
            raise rules.ExportNotReady
        user = await tx.get_one(User, user_id)
        about = {
            "format": FORMAT,
            "version": VERSION,
            "user": {"id": str(user.id), "display_name": user.display_name, "handle": user.handle},
            "exported_at": export.ready_at.isoformat().replace("+00:00", "Z"),
        }
        yield json.dumps(about, ensure_ascii=False).removesuffix("}").encode()
        for service in rules.SERVICES:
            yield f',\n"{service}": {{'.encode()
            async for lines in _sections(tx, export, service):
                yield lines.encode()
            yield b"}"
        yield b"}\n"


async def _sections(tx: AsyncSession, export: Export, service: str) -> AsyncIterator[str]:
    """Each section a list, an item a line; one that several parts hold goes on from one to the next."""
    of_service = select(ExportPart.sections).where(ExportPart.export_id == export.id, ExportPart.service == service)
    running, empty = None, True
    parts = await tx.stream_scalars(of_service.order_by(ExportPart.number).execution_options(yield_per=1))
    async for sections in parts:
        told = ""
        for name, items in sections.items():
            if name != running:
                told += _before(name, running)
                running, empty = name, True
            if items:
                told += ("" if empty else ",\n") + ",\n".join(map(_spelt, items))
                empty = False
        yield told
    if running is not None:
        yield "]"


def _before(name: str, running: str | None) -> str:
    return f"{'' if running is None else '],'}\n{_spelt(name)}: ["


def _spelt(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
