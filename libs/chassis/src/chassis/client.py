"""Calls between services: signed as the caller itself, with timeouts and retries, never inside a transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import httpx2
import stamina
import structlog
from fastapi import Request

from chassis.db import in_transaction
from chassis.errors import Refusal, Unavailable
from chassis.http import STATUS
from chassis.settings import Settings
from chassis.tokens import Tokens

Thing = TypeVar("Thing")
Told = TypeVar("Told")

ATTEMPTS, ASKED_AT_ONCE = 3, 8
CATEGORY = {status: category for category, status in STATUS.items()}


class Away(Exception):
    pass


class Neighbour:
    """Another service. Raises what it refused, and Unavailable when it cannot be reached."""

    def __init__(self, name: str, tokens: Tokens, http: httpx2.AsyncClient) -> None:
        self.name, self._tokens, self._http = name, tokens, http

    async def get(self, path: str) -> Any:
        return await self._call("GET", path)

    async def post(self, path: str, body: object) -> Any:
        """The call may be repeated: only for what is harmless to repeat."""
        return await self._call("POST", path, json=body)

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, path: str, **body: Any) -> Any:
        if in_transaction():
            raise RuntimeError(f"{method} {path} of {self.name} would hold a transaction open across the network.")
        try:
            async for attempt in stamina.retry_context(on=Away, attempts=ATTEMPTS, wait_initial=0.1, wait_max=0.5):
                with attempt:
                    return _read(await self._ask(method, path, body))
        except Away as error:
            raise Unavailable from error

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._tokens.mint(self.name)}"}
        if request_id := structlog.contextvars.get_contextvars().get("request_id"):
            headers["X-Request-ID"] = request_id
        try:
            answer = await self._http.request(method, path, headers=headers, **body)
        except httpx2.TransportError as error:
            raise Away from error
        if answer.is_server_error:
            raise Away
        return answer


async def ask_each(ask: Callable[[Thing], Awaitable[Told]], things: Iterable[Thing]) -> list[Told]:
    """What is told of each, in their order; a few are asked at once, and the first that raises ends it."""
    at_once = asyncio.Semaphore(ASKED_AT_ONCE)

    async def one(thing: Thing) -> Told:
        async with at_once:
            return await ask(thing)

    return list(await asyncio.gather(*(one(thing) for thing in things)))


def _read(answer: httpx2.Response) -> Any:
    if answer.is_success:
        return answer.json()
    raise CATEGORY.get(answer.status_code, Refusal)(answer.json()["detail"])


def reach(name: str, tokens: Tokens, settings: Settings) -> Neighbour:
    """The neighbour at the address the settings name."""
    address = getattr(settings, f"{name}_url")
    if address is None:
        raise LookupError(f"SIDETRACK_{name.upper()}_URL does not say where {name} is.")
    return Neighbour(name, tokens, httpx2.AsyncClient(base_url=address, timeout=settings.call_timeout))


def neighbour(name: str) -> Callable[[Request], Awaitable[Neighbour]]:
    """A dependency: the neighbour as the running service reaches it."""

    async def find(request: Request) -> Neighbour:  # async, or FastAPI would send it to a thread
        neighbours: dict[str, Neighbour] = request.app.state.neighbours
        return neighbours[name]

    return find
