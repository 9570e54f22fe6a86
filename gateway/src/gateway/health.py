"""How all six parts are, asked of each at the same moment."""

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import orjson
from starlette.responses import JSONResponse, Response

from chassis.errors import Refusal
from chassis.supervisor import Supervisor
from gateway.memory import Memory, Shared
from gateway.upstream import Upstream

VERSION = version("sidetrack-gateway")
ASKED_FOR, KEPT_FOR = 2.0, 0.5
WORST_FIRST = ("fail", "warn", "ok")

Report = dict[str, Any]


class Health:
    """Keeps an answer for half a second: whoever asks often costs the services little."""

    def __init__(self, upstreams: Mapping[str, Upstream], supervisor: Supervisor) -> None:
        self._upstreams, self._supervisor = upstreams, supervisor
        self._reports: Shared[str, Report] = Shared(Memory(1), lambda _: KEPT_FOR)

    async def answer(self) -> Response:
        """503 when any part fails; a part that only warns still serves."""
        report = await self._reports.get("all", self._report)
        return JSONResponse(report, 503 if report["status"] == "fail" else 200, {"Cache-Control": "no-store"})

    async def _report(self) -> Report:
        reports = await asyncio.gather(*map(_examine, self._upstreams.values()))
        services = {"gateway": self._own(), **dict(zip(self._upstreams, reports, strict=True))}
        found = {each["status"] for each in services.values()}
        status = next(each for each in WORST_FIRST if each in found)
        return {"status": status, "version": VERSION, "services": services}

    def _own(self) -> Report:
        """Without news of what is revoked it serves, and believes for half a minute what it once believed."""
        warnings = self._supervisor.warnings | self._supervisor.failures
        report: Report = {"status": "warn" if warnings else "ok", "version": VERSION}
        return report | ({"warnings": warnings} if warnings else {})


async def _examine(upstream: Upstream) -> Report:
    try:
        answer = await upstream.fetch("GET", "/health", within=ASKED_FOR)
        report = orjson.loads(answer.body)
        return report if report["status"] in WORST_FIRST else {"status": "fail", "reason": "unreadable"}
    except Refusal:
        return {"status": "fail", "reason": "away"}
    except (ValueError, LookupError, TypeError):
        return {"status": "fail", "reason": "unreadable"}
