"""One call to a provider outside: bounded in time and size, never redirected, never while a transaction is open."""

import asyncio
import json
import ssl
from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx2
import structlog

from chassis.db import in_transaction
from chassis.providers import ProviderAway, ProviderBusy, cooldown

log = structlog.get_logger()

LARGEST = 1024 * 1024
# Unpacked, a small answer could be a large one.
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Sidetrack (album club backend)"}
# RecursionError: JSON may be nested without an end.
UNUSABLE = (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError, RecursionError)


class Told(NamedTuple):
    status: int
    answer: dict[str, Any]


class Reply(NamedTuple):
    """As it came, with a status below 500; a redirect is one."""

    status: int
    headers: httpx2.Headers
    body: bytes


class Wire:
    """To one provider; `seconds` is for the whole of a call, `busy` the statuses by which it asks to be left alone."""

    def __init__(
        self,
        provider: str,
        seconds: float,
        *,
        busy: Collection[int] = (HTTPStatus.TOO_MANY_REQUESTS,),
        largest: int = LARGEST,
    ) -> None:
        self._provider, self._seconds, self._busy, self._largest = provider, seconds, busy, largest

    async def ask(self, method: str, url: str, **parts: Any) -> Told:
        """A JSON object and its status below 500. Raises ProviderBusy for a 429, ProviderAway for anything else."""
        reply = await self.fetch(method, url, **parts)
        try:
            if httpx2.codes.is_redirect(reply.status):
                raise ValueError(f"status {reply.status}")
            return Told(reply.status, json_object(reply.body))
        except UNUSABLE as error:
            raise self._away(error) from None

    async def fetch(self, method: str, url: str, **parts: Any) -> Reply:
        """What is there. Raises ProviderBusy, and ProviderAway for a status from 500 on or no whole answer in time."""
        if in_transaction():
            raise RuntimeError(f"{method} {self._provider} would hold a transaction open across the network.")
        try:
            async with asyncio.timeout(self._seconds):
                return await self._fetch(method, url, parts)
        except UNUSABLE as error:
            raise self._away(error) from None

    async def _fetch(self, method: str, url: str, parts: dict[str, Any]) -> Reply:
        headers = HEADERS | parts.pop("headers", {})
        async with (
            httpx2.AsyncClient(verify=_trust(), timeout=self._seconds, follow_redirects=False) as client,
            client.stream(method, url, headers=headers, **parts) as response,
        ):
            if response.status_code in self._busy:
                seconds = cooldown(response.headers.get("retry-after"), datetime.now(UTC))
                log.warning("provider_busy", provider=self._provider, seconds=seconds)
                raise ProviderBusy(seconds)
            if response.is_server_error:
                raise ValueError(f"status {response.status_code}")
            return Reply(response.status_code, response.headers, await _bounded(response, self._largest))

    def _away(self, error: BaseException) -> ProviderAway:
        # Not the error itself: it may quote the address, and what is in it.
        log.warning("provider_away", provider=self._provider, error=type(error).__name__)
        return ProviderAway()


async def _bounded(response: httpx2.Response, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > largest:
            raise ValueError("too large")
    return bytes(body)


def json_object(body: bytes) -> dict[str, Any]:
    """Raises ValueError, and RecursionError where it is nested without an end."""
    # Some revoke with nothing to say.
    told = json.loads(body) if body.strip() else {}
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004 — of what came in, not of a call
    return told


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
