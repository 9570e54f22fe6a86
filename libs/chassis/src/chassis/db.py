"""One naming convention, one engine a process, one transaction a request or message, committed at the edge."""

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    MetaData,
    SQLColumnExpression,
    Table,
    bindparam,
    cast,
    event,
    extract,
    func,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeEngine

from chassis.failpoints import failpoint
from chassis.settings import Settings

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
POOL, OVERFLOW = 5, 3
# Seconds unused, after which a connection may have been cut somewhere without a word.
QUIET = 10
USED = "used"
EXTENSIONS = "ext"
Timestamp = TIMESTAMP(timezone=True)

_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)


def schema() -> MetaData:
    """A service's own tables: found by its role's search_path, so that in one process two may share a name."""
    return MetaData(naming_convention=NAMES)


class Base(DeclarativeBase):
    """Tables of the chassis; each service has its own copy, beside its own tables."""

    metadata = schema()


def table_of(entity: type[DeclarativeBase]) -> Table:
    """Its table itself: for statements that need no objects, which take a good part of their time."""
    table = entity.__table__
    assert isinstance(table, Table)  # noqa: S101 — it is none only for what is mapped to a query, which nothing here is
    return table


class Transactions(Protocol):
    """Where a service's transactions come from."""

    def transaction(self, **options: Any) -> Any:
        """Commit when the block ends, roll back when it raises. `options` go to the connection."""


class Database:
    """The service's PostgreSQL, entered as the role of the service's name."""

    def __init__(self, settings: Settings, role: str, search_path: str | None = None) -> None:
        seen = {
            "search_path": f"{search_path or role}, {EXTENSIONS}",
            "application_name": role,
            "jit": "off",
            "timezone": "UTC",
        }
        self.engine: AsyncEngine = create_async_engine(
            settings.role_url(role),
            connect_args={"server_settings": seen | _limits(settings), "timeout": 5},
            hide_parameters=True,  # an error would quote them, and the log with it
            pool_size=POOL,
            max_overflow=OVERFLOW,
            pool_timeout=5,
        )
        event.listen(self.engine.sync_engine, "checkin", _note_use)
        event.listen(self.engine.sync_engine, "checkout", self._check)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    def _check(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        """In place of a ping at every turn, which is three round trips: that a server is gone is seen by its socket."""
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        if time.monotonic() - record.info.get(USED, math.inf) > QUIET:
            try:
                self.engine.dialect.do_ping(connection)
            except connection.dbapi.Error as error:
                raise DisconnectionError from error

    @asynccontextmanager
    async def transaction(self, **options: Any) -> AsyncIterator[AsyncSession]:
        """Commit when the block ends, roll back when it raises. `options` go to the connection."""
        with within_transaction():
            async with self._sessions.begin() as tx:
                if options:
                    await tx.connection(execution_options=options)
                yield tx


@asynccontextmanager
async def opened(settings: Settings, role: str) -> AsyncIterator[Database]:
    """The database for as long as a command works on it."""
    db = Database(settings, role)
    try:
        yield db
    finally:
        await db.engine.dispose()


def _note_use(_: object, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


def _limits(settings: Settings) -> dict[str, str]:
    return {
        "statement_timeout": f"{settings.statement_timeout:g}s",
        "lock_timeout": f"{settings.lock_timeout:g}s",
        "idle_in_transaction_session_timeout": f"{2 * settings.handler_timeout:g}s",
    }


class within_transaction:  # noqa: N801 — read as a statement: `with within_transaction():`
    """Marks the running task as holding a transaction open."""

    def __enter__(self) -> None:
        self._mark = _in_transaction.set(True)

    def __exit__(self, *_: object) -> None:
        _in_transaction.reset(self._mark)


def in_transaction() -> bool:
    return _in_transaction.get()


async def _transaction(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.db.transaction() as tx:
        for check in getattr(request.app.state, "checks", ()):
            await check(request, tx)
        for begin in getattr(request.state, "on_begin", ()):
            await begin(tx)
        yield tx
    failpoint("request_committed")


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
        yield tx


# `scope="function"` commits before the reply leaves; by default FastAPI would commit after it.
Tx = Annotated[AsyncSession, Depends(_transaction, scope="function")]
Read = Annotated[AsyncSession, Depends(_reading, scope="function")]


def any_of(name: str, kind: type[TypeEngine[Any]]) -> ColumnElement[Any]:
    """What equals any of those that are bound as `name`, a list: for statements that are built once."""
    several: ColumnElement[Any] = func.any(bindparam(name, type_=ARRAY(kind)))
    return several


def first_version() -> ColumnElement[int]:
    """Microseconds since 1970, so that an owner restored from a backup outruns what it announced before."""
    return cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)


def next_version(version: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Strictly more than `version`, whatever the clock says."""
    return func.greatest(version + 1, first_version())
