"""For a feature's tests: the service on real PostgreSQL, inside one transaction that is rolled back.

A plugin for pytest. It needs two fixtures: `test_settings` (the server, with every schema migrated) and, in the
service's own conftest, `app`.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool
from uuid_utils.compat import uuid7

from chassis import logs
from chassis.db import EXTENSIONS, within_transaction
from chassis.envelope import Envelope, dataschema
from chassis.outbox import Outgoing
from chassis.settings import Settings
from chassis.supervisor import Supervisor
from chassis.tokens import Tokens
from contracts.event import Event
from contracts.registry import REGISTRY

GATEWAY_KEY = OKPKey.generate_key("Ed25519", {"kid": "gateway-test"})
SERVICE_KEYS = {name: OKPKey.generate_key("Ed25519", {"kid": f"{name}-test"}) for name in ("club", "catalog")}


class Rehearsed:
    """Stands in for Database: every transaction is a savepoint in the test's own, which never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def transaction(self, **_: Any) -> AsyncIterator[AsyncSession]:
        mode = "create_savepoint"
        session = AsyncSession(self._connection, expire_on_commit=False, join_transaction_mode=mode)
        with within_transaction():
            async with session as tx, tx.begin():
                yield tx


class Stage:
    """A service in a test: `client` speaks to it, `announced` and `deliver` are its bus."""

    def __init__(self, app: FastAPI, db: Rehearsed, client: httpx2.AsyncClient) -> None:
        self.app, self.db, self.client = app, db, client

    async def announced(self, event: type[Event] | None = None) -> list[Event]:
        """What was announced so far, oldest first; of one kind, or all."""
        async with self.db.transaction() as tx:
            rows = (await tx.scalars(select(Outgoing).order_by(Outgoing.row))).all()
        events = [REGISTRY[row.type].model_validate_json(row.body) for row in rows]
        return [each for each in events if event is None or isinstance(each, event)]

    async def deliver(self, event: Event, to: str | None = None) -> None:
        """Give the event to this service's handlers of it, as the bus would; raises what they raise."""
        for name, (kind, handle) in self.app.state.handles.items():
            if kind is type(event) and to in (None, name):
                async with self.db.transaction() as tx:
                    await handle(event, tx)


TABLES = """SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"""


SURE = 6


async def mentions(tx: AsyncSession, *words: str, but: Iterable[str] = ("outbox",)) -> set[tuple[str, str]]:
    """Which tables of the schema hold which of the words anywhere, also as bytes; but for what is on its way."""
    found = set()
    for table in set(await tx.scalars(text(TABLES))) - {*but}:
        rows = " ".join(await tx.scalars(text(f'SELECT to_jsonb(t)::text FROM "{table}" AS t')))  # noqa: S608 — a table's own name
        # A short word's bytes stand by chance in some id or digest.
        spelled = {word: [word, *([word.encode().hex()] if len(word) >= SURE else [])] for word in words}
        found |= {(table, word) for word in words if any(each in rows for each in spelled[word])}
    return found


def envelope(event: Event) -> Envelope:
    """The event as it would travel, with an id of its own."""
    source = event.topic.partition(".")[0]
    about = {"id": uuid7(), "type": event.topic, "source": source, "dataschema": dataschema(event)}
    return Envelope.model_validate({**about, "time": "2025-11-24T12:00:00Z", "body": event.model_dump_json()})


def signed(
    app: FastAPI,
    kind: str = "bot",
    sub: str | None = None,
    scopes: Iterable[str] = (),
    credential: str | None = None,
) -> dict[str, str]:
    """Headers as the gateway would send them; for kind `service`, as `sub` would."""
    if kind == "service":
        issuer = sub = sub or "club"
        key = SERVICE_KEYS[issuer]
    else:
        issuer, key = "gateway", GATEWAY_KEY
    tokens = Tokens(issuer, Settings(signing_key=key.as_dict(private=True)))
    return {"Authorization": f"Bearer {tokens.mint(app.title, sub or kind, kind, scopes, credential)}"}


def trusted_keys() -> dict[str, list[dict[str, Any]]]:
    keys = SERVICE_KEYS | {"gateway": GATEWAY_KEY}
    return {name: [dict(key.as_dict(private=False))] for name, key in keys.items()}


@pytest.fixture
async def stage(app: FastAPI, test_settings: Settings) -> AsyncIterator[Stage]:
    logs.configure("CRITICAL")
    settings = test_settings.model_copy(update={"trusted_keys": trusted_keys()})
    seen = {"search_path": f"{app.title}, {EXTENSIONS}", "timezone": "UTC"}
    url = settings.role_url(app.title)
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"server_settings": seen})
    async with engine.connect() as connection:
        whole = await connection.begin()
        # What waits for a commit would wait for ever.
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db = Rehearsed(connection)
        app.state.db, app.state.tokens, app.state.settings = db, Tokens(app.title, settings), settings
        app.state.supervisor, app.state.neighbours = Supervisor(), {}
        wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack") as client:
            yield Stage(app, db, client)
        del app.state.neighbours
        await whole.rollback()
    await engine.dispose()


@pytest.fixture
def client(stage: Stage) -> httpx2.AsyncClient:
    """Speaks to the service; nobody is signed in: pass `headers=sign(...)`."""
    return stage.client


@pytest.fixture
def sign(app: FastAPI) -> Callable[..., dict[str, str]]:
    """`sign(kind, sub, scopes)`: the headers of such a caller. A bot has the scopes of a bot key."""

    def headers(
        kind: str = "bot", sub: str | None = None, scopes: Iterable[str] | None = None, credential: str | None = None
    ) -> dict[str, str]:
        usual = ("club:write", "catalog:write", "users:write") if kind == "bot" else ()
        sub = sub or (str(uuid4()) if kind == "user" else None)
        return signed(app, kind, sub, usual if scopes is None else scopes, credential)

    return headers


@pytest.fixture
def announced(stage: Stage) -> Callable[..., Any]:
    return stage.announced


@pytest.fixture
def deliver(stage: Stage) -> Callable[..., Any]:
    return stage.deliver


class Scripted:
    """A neighbour for `app.state.neighbours`: answers by "METHOD /path"; an exception as answer is raised.

    A callable answer is given the body. What was asked is in `asked`.
    """

    def __init__(self, answers: dict[str, Any], name: str = "scripted") -> None:
        self.name, self.answers = name, answers
        self.asked: list[tuple[str, Any]] = []

    async def get(self, path: str) -> Any:
        return self._answer(f"GET {path}", None)

    async def post(self, path: str, body: object) -> Any:
        return self._answer(f"POST {path}", json.loads(json.dumps(body)))

    async def close(self) -> None: ...

    def _answer(self, call: str, body: Any) -> Any:
        self.asked.append((call, body))
        answer = self.answers[call]
        if callable(answer):
            answer = answer(body)
        if isinstance(answer, Exception):
            raise answer
        return answer
