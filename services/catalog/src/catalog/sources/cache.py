"""What sources answered, kept in the database with its age; also that there is nothing."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import delete, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from catalog.models import CachedAnswer
from catalog.sources.rules import FRESH, FRESH_NOTHING, KEPT
from chassis.db import Transactions
from chassis.wire import Reply


@dataclass(frozen=True)
class Kept:
    status: int
    body: bytes
    conditions: dict[str, str]
    fresh: bool


async def kept(db: Transactions, url: str) -> Kept | None:
    fresh = CachedAnswer.fresh_until > func.clock_timestamp()
    async with db.transaction() as tx:
        row = (await tx.execute(select(CachedAnswer, fresh).where(CachedAnswer.url == url))).one_or_none()
    if row is None:
        return None
    answer, is_fresh = row
    named = {"If-None-Match": answer.etag, "If-Modified-Since": answer.last_modified}
    conditions = {name: said for name, said in named.items() if said}
    return Kept(answer.status, zlib.decompress(answer.body), conditions, is_fresh)


async def keep(db: Transactions, url: str, reply: Reply) -> None:
    """As it came, in the place of what was there."""
    found = reply.status < HTTPStatus.BAD_REQUEST
    now = func.clock_timestamp()
    told = {
        "status": reply.status,
        "body": zlib.compress(reply.body),
        "etag": reply.headers.get("etag"),
        "last_modified": reply.headers.get("last-modified"),
        "fetched_at": now,
        "fresh_until": now + (FRESH if found else FRESH_NOTHING),
    }
    row = insert(CachedAnswer).values(url=url, **told)
    async with db.transaction() as tx:
        await tx.execute(row.on_conflict_do_update(index_elements=["url"], set_=told))


async def keep_on(db: Transactions, url: str) -> None:
    """It is still so."""
    now = func.clock_timestamp()
    async with db.transaction() as tx:
        again = update(CachedAnswer).where(CachedAnswer.url == url)
        await tx.execute(again.values(fetched_at=now, fresh_until=now + FRESH))


async def doubt(db: Transactions, about: Collection[str]) -> None:
    """What is kept under addresses that hold one of these words is asked anew when it is next needed."""
    held = or_(false(), *(CachedAnswer.url.contains(word, autoescape=True) for word in about))
    async with db.transaction() as tx:
        await tx.execute(update(CachedAnswer).where(held).values(fresh_until=func.clock_timestamp()))


async def doubt_older(db: Transactions, than: timedelta) -> None:
    """The same for what was fetched longer ago."""
    old = CachedAnswer.fetched_at <= func.now() - than
    async with db.transaction() as tx:
        await tx.execute(update(CachedAnswer).where(old).values(fresh_until=func.clock_timestamp()))


async def sweep(db: Transactions, past: timedelta = KEPT) -> None:
    async with db.transaction() as tx:
        await tx.execute(delete(CachedAnswer).where(CachedAnswer.fresh_until < func.clock_timestamp() - past))
