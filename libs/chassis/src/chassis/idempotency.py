"""Idempotency keys: the answer to a POST is kept in its own transaction, and a repeat gets that answer again."""

import hashlib
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Base, Timestamp
from chassis.errors import Conflict, Invalid
from chassis.tokens import caller_of

LONGEST = 255
# Stands for the status of an answer that is not kept.
NOT_KEPT = 0
LOCK_NOT_AVAILABLE = "55P03"


class BadIdempotencyKey(Invalid):
    sentence = "An Idempotency-Key has 1 to 255 visible ASCII characters."


class IdempotencyKeyReused(Conflict):
    sentence = "This Idempotency-Key came with another body before."


class InProgress(Conflict):
    sentence = "The first request with this Idempotency-Key is still being worked on."


class ShownOnce(Conflict):
    sentence = "This has been done; what it answered is shown only once."


class Answered(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


class Answer(Base):
    """Kept for 48 hours. Without a status, the first request has not ended; `NOT_KEPT`, its answer held a secret."""

    __tablename__ = "idempotency"

    principal: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    status: Mapped[int | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), index=True)


async def answers_secret(request: Request) -> None:
    """A dependency of endpoints whose answer must not lie in the database: a repeat of the request gets ShownOnce."""
    request.state.answers_secret = True


class Once:
    """One request that carries a key."""

    def __init__(self, request: Request, key: str) -> None:
        if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
            raise BadIdempotencyKey
        self._request, self._key = request, key
        self._tx: AsyncSession | None = None

    async def begin(self, tx: AsyncSession) -> None:
        """Claim the key for this request; raises Answered when an equal one came before."""
        body_hash = hashlib.sha256(await self._request.body()).digest()
        claim = insert(Answer).values(**await self._address(), body_hash=body_hash).on_conflict_do_nothing()
        try:
            first = await tx.scalar(claim.returning(Answer.key))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
                raise InProgress from error
            raise
        if first is None:
            raise await self._earlier(tx, body_hash)
        self._tx = tx

    async def end(self, response: Response) -> None:
        """Keep the answer, in the transaction it tells of. A request that opened none has nothing to keep."""
        if self._tx is not None:
            kept = update(Answer).filter_by(**await self._address())
            secret = getattr(self._request.state, "answers_secret", False)
            answer = (NOT_KEPT, None) if secret else (response.status_code, bytes(response.body))
            await self._tx.execute(kept.values(status=answer[0], body=answer[1]))

    async def _earlier(self, tx: AsyncSession, body_hash: bytes) -> Exception:
        kept = (await tx.scalars(select(Answer).filter_by(**await self._address()))).one()
        if kept.body_hash != body_hash:
            return IdempotencyKeyReused()
        if kept.status is None:
            return InProgress()
        if kept.status == NOT_KEPT:
            return ShownOnce()
        headers = {"Idempotency-Replayed": "true", "Content-Type": "application/json"}
        return Answered(Response(kept.body, kept.status, headers))

    async def _address(self) -> dict[str, str]:
        caller = await caller_of(self._request)
        path = f"{self._request.method} {self._request.url.path}"
        return {"principal": f"{caller.kind}:{caller.sub}", "path": path, "key": self._key}
