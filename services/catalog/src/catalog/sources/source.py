"""One source: asked in its turn, through the cache, with every failure remembered for all processes."""

from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode, urljoin

from catalog.sources import cache, slots
from catalog.sources.rules import HOPS, SourceBroken, SourceClosed
from catalog.sources.settings import SourceSettings
from chassis.db import Transactions
from chassis.providers import USUAL_COOLDOWN, ProviderAway, ProviderBusy
from chassis.wire import Reply, Wire

T = TypeVar("T")

LARGEST = 8 * 1024 * 1024
REFUSED, REFUSED_FOR = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}, 3600
REDIRECTS = {301, 302, 303, 307, 308}
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# A turn in which somebody died ends after a little more than a call may last.
BESIDE_A_CALL = 5


class Source:
    """`pace` in seconds between requests, by whichever process."""

    def __init__(self, name: str, base: str, db: Transactions, settings: SourceSettings, pace: float = 0) -> None:
        self.name, self.base, self._db, self._pace = name, base, db, pace
        self._longest, self._outage = settings.provider_timeout, settings.enrichment_ladder[0]
        self._wire = Wire(name, settings.provider_timeout, busy=BUSY, largest=LARGEST)
        self._headers = {"User-Agent": settings.user_agent}

    async def get(
        self,
        path: str,
        query: Mapping[str, str],
        read: Callable[[int, bytes], T],
        headers: Mapping[str, str] = {},
        *,
        its_own: Collection[int] = (),
    ) -> T:
        """What `read` makes of status and body at the address; of the cache while they are fresh.

        Raises SourceClosed while it must not be asked, SourceBroken for what `read` cannot make anything of. A refusal
        is for all of the source, unless its status is one of `its_own`: those speak of this address alone.
        """
        url = self.base + path + (f"?{urlencode(sorted(query.items()))}" if query else "")
        known = await cache.kept(self._db, url)
        if known is not None and known.fresh:
            return read(known.status, known.body)
        reply = await self._followed(url, {**headers, **(known.conditions if known else {})})
        if known is not None and reply.status == HTTPStatus.NOT_MODIFIED:
            await cache.keep_on(self._db, url)
            return read(known.status, known.body)
        if reply.status in REFUSED and reply.status not in its_own:
            # Whoever we are to it: no other question would be answered either.
            raise await self.leave_alone(REFUSED_FOR)
        told = self._read(read, reply)
        # Only what could be read is worth keeping.
        await cache.keep(self._db, url, reply)
        return told

    def _read(self, read: Callable[[int, bytes], T], reply: Reply) -> T:
        try:
            return read(reply.status, reply.body)
        except (ValueError, RecursionError) as error:
            # Not the error's own words: they may quote all that came.
            raise SourceBroken(self.name, f"no usable answer (status {reply.status})") from error

    async def ask(self, method: str, url: str, **parts: Any) -> Reply:
        """One request in our turn, of which nothing is kept. Raises SourceClosed."""
        try:
            async with slots.turn(self._db, self.name, self._pace, self._longest + BESIDE_A_CALL):
                return await self._wire.fetch(method, url, **parts)
        except ProviderBusy as busy:
            raise await self.leave_alone(busy.retry_after or USUAL_COOLDOWN) from busy
        except ProviderAway as away:
            # For a while, so that not every album finds it out by itself.
            raise await self.leave_alone(self._outage) from away

    async def leave_alone(self, seconds: float) -> SourceClosed:
        """Nobody asks it for so long; the exception that says so."""
        await slots.close(self._db, self.name, seconds)
        return SourceClosed(self.name, seconds)

    async def _followed(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Redirects within the source are followed, each in its own turn; one that leads elsewhere is the answer."""
        for _ in range(HOPS):
            reply = await self.ask("GET", url, headers={**self._headers, **headers})
            there = urljoin(url, reply.headers.get("location", ""))
            if reply.status not in REDIRECTS or not there.startswith(f"{self.base}/"):
                return reply
            url = there
        raise SourceBroken(self.name, "it redirects without an end")
