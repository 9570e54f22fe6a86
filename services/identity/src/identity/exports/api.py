"""An export of oneself: asked for, watched, and taken along."""

from typing import Any

from fastapi import Request, status
from fastapi.responses import StreamingResponse

from chassis.caller import signed_in
from chassis.db import Read, Tx
from chassis.http import private_router
from chassis.streaming import Stream
from chassis.tokens import SignedCaller
from contracts.exports import ExportJob
from identity.exports import gathering, rules, store
from identity.exports.archive import document

router = private_router(prefix="/users/me/export", tags=["users"])

NAME = "sidetrack-export.json"
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_export(caller: SignedCaller, tx: Tx) -> ExportJob:
    """Have everything gathered that is kept of oneself; while that goes on, it is the same one that is answered."""
    return await gathering.job(tx, await gathering.ask(tx, signed_in(caller)))


@router.get("")
async def read_export(caller: SignedCaller, tx: Read) -> ExportJob:
    """How far the export is that one asked for last."""
    export = await store.latest(tx, signed_in(caller))
    if export is None:
        raise rules.NoExport
    return await gathering.job(tx, export)


@router.get("/archive", response_class=StreamingResponse, responses=FILE)
async def download_export(caller: SignedCaller, request: Request) -> StreamingResponse:
    """What was gathered, as one JSON file."""
    return Stream(document(request.app.state.db, signed_in(caller)), "application/json", NAME)
