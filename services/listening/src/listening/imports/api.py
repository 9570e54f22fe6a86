"""Handing in files over HTTP, and how far they are."""

from uuid import UUID

from fastapi import APIRouter, status

from chassis.db import Read, Tx
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.importing import ImportJob
from listening.imports import store
from listening.imports.receiving import Received
from listening.imports.rules import AT_ONCE, NoSuchImport, TooManyImports, importer
from listening.models import Import

# Not the chassis's router: for an Idempotency-Key it would hold the whole file. The file is its own.
router = APIRouter(prefix="/listens", tags=["listens"])
reading = routes(prefix="/listens", tags=["listens"])
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": BINARY}}}


@router.post("/import", status_code=status.HTTP_202_ACCEPTED, openapi_extra=FILE)
async def hand_in_file(file: Received, tx: Tx) -> ImportJob:
    """Hand in a file of your listening history; what it is, is told by what is in it. The same file is one import."""
    if await store.unfinished(tx, file.user_id, but=file.digest) >= AT_ONCE:
        raise TooManyImports
    job = await store.ask_for(tx, file.user_id, file.digest)
    if job.state in store.UNFINISHED:
        await store.keep_file(tx, job.id, file.path)
    return shown(job)


@reading.get("/imports/{import_id}")
async def read_import(import_id: UUID, caller: SignedCaller, tx: Read) -> ImportJob:
    """How far one of your files is."""
    job = await store.own(tx, importer(caller), import_id)
    if job is None:
        raise NoSuchImport
    return shown(job)


def shown(job: Import) -> ImportJob:
    rejected = sum(job.rejected.values())
    return ImportJob(
        id=job.id,
        state=job.state,
        read=job.place + rejected,
        inserted=job.inserted,
        duplicate=job.duplicate,
        rejected=rejected,
        quarantined=job.quarantined,
        rejected_because=job.rejected,
        total=None if job.total is None else job.total + rejected,
        asked_at=job.asked_at,
        done_at=job.done_at,
        error=job.error,
    )
