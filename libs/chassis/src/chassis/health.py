"""Is the process alive, is it ready, and what would a maintainer like to know."""

from functools import cache
from importlib.metadata import version as version_of
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from chassis import metrics
from chassis.migrate import Schema, revisions
from chassis.supervisor import OUTAGES

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def alive() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz")
@router.get("/health")
async def ready(request: Request) -> JSONResponse:
    """503 without the database, behind in migrations or with a dead loop; a lost broker only warns."""
    report = await examine(request.app.state)
    body = {"service": request.app.title, "version": version(), **report}
    return JSONResponse(body, 503 if report["status"] == "fail" else 200, {"Cache-Control": "no-store"})


@router.get("/metrics")
async def measured() -> Response:
    content, content_type = await metrics.scrape()
    return Response(content, media_type=content_type)


async def examine(state: Any) -> dict[str, Any]:
    """`status` is ok, warn or fail; `failures` and `warnings` say of what."""
    failures = state.supervisor.failures | await _database(state)
    status = "fail" if failures else "warn" if state.supervisor.warnings else "ok"
    return {"status": status, "failures": failures, "warnings": state.supervisor.warnings}


async def _database(state: Any) -> dict[str, str]:
    schema: Schema = state.schema
    try:
        async with state.db.transaction() as tx:
            present = await revisions(tx)
    except OUTAGES as error:
        return {"database": type(error).__name__}
    missing = state.heads - present
    # While a newer release migrates, the older one goes on serving.
    if missing and schema.known(present):
        return {"migrations": f"not run yet: {', '.join(sorted(missing))}"}
    return {}


@cache
def version() -> str:
    return version_of("sidetrack-chassis")
