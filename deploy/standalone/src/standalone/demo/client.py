"""A bot's side of the API: calls that may be repeated, and are, while Sidetrack is away for a moment."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2
import stamina

from chassis.errors import Refusal, Unavailable

T = TypeVar("T")

ATTEMPTS = 6
AT_ONCE = 8
PASSING = frozenset({429, 502, 503, 504})
NOT_FOUND = 404


class NobodyAnswers(Unavailable):
    sentence = "Nobody answers at this address; is Sidetrack running there?"


class NotTaken(Refusal):
    """Sidetrack refused a call; the sentence is its own."""


class NothingThere(NotTaken):
    pass


class _Passing(Exception):
    """Never leaves this module: it is what is tried again."""

    def __init__(self, why: str, retry_after: str = "") -> None:
        super().__init__(why)
        self.retry_after = float(retry_after) if retry_after.isdigit() else None


class Bot:
    """Raises NothingThere, NotTaken with Sidetrack's own sentence, or NobodyAnswers after a few attempts.

    Within one `run`, the same request is one request, and is answered once.
    """

    def __init__(self, http: httpx2.AsyncClient, run: str = "demo") -> None:
        self._http, self._run = http, run

    async def get(self, path: str) -> Any:
        return await self._call("GET", path)

    async def post(self, path: str, body: object) -> Any:
        return await self._call("POST", path, body)

    async def put(self, path: str, body: object) -> Any:
        return await self._call("PUT", path, body)

    async def patch(self, path: str, body: object) -> Any:
        return await self._call("PATCH", path, body)

    async def delete(self, path: str) -> Any:
        return await self._call("DELETE", path)

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        try:
            async for attempt in stamina.retry_context(on=_pause, attempts=ATTEMPTS, timeout=None):
                with attempt:
                    return _read(await self._send(method, path, content))
        except _Passing as error:
            raise NobodyAnswers(f"{NobodyAnswers.sentence} ({self._http.base_url}: {error})") from error

    async def _send(self, method: str, path: str, content: bytes | None) -> httpx2.Response:
        headers = {"Content-Type": "application/json"} if content else {}
        if method == "POST":
            headers["Idempotency-Key"] = _key(self._run, path, content or b"")
        try:
            return await self._http.request(method, path, content=content, headers=headers)
        except httpx2.TransportError as error:
            raise _Passing(repr(error)) from error


def _key(run: str, path: str, content: bytes) -> str:
    """The same for the same request, so that a repeat is known as one even where the answer was lost."""
    return f"{run}-{hashlib.sha256(path.encode() + content).hexdigest()[:32]}"


def _pause(error: Exception) -> bool | float:
    if not isinstance(error, _Passing):
        return False
    return True if error.retry_after is None else error.retry_after


def _read(answer: httpx2.Response) -> Any:
    if answer.is_success:
        return answer.json()
    problem = _problem(answer)
    if answer.status_code in PASSING or problem.get("code") == "in_progress":
        raise _Passing(f"status {answer.status_code}", answer.headers.get("retry-after", ""))
    refused = NothingThere if answer.status_code == NOT_FOUND else NotTaken
    raise refused(f"{answer.request.method} {answer.request.url.path}: {problem.get('detail', answer.status_code)}")


def _problem(answer: httpx2.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


@asynccontextmanager
async def bot_at(base_url: str, bot_key: str, run: str = "demo") -> AsyncIterator[Bot]:
    # Waiting for a free connection is no failure, however long the queue.
    patience = httpx2.Timeout(30, pool=None)
    limits = httpx2.Limits(max_connections=AT_ONCE)
    headers = {"Authorization": f"Bearer {bot_key}"}
    async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=patience, limits=limits) as http:
        yield Bot(http, run)


async def together(*calls: Coroutine[Any, Any, T]) -> list[T]:
    """All answers in order; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return [task.result() for task in tasks]
