"""What scrobblers ask of ListenBrainz, asked of this one."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from chassis.db import Read, Tx
from chassis.errors import BadRequest
from chassis.tokens import SignedCaller
from listening.listenbrainz import answers, imports
from listening.listenbrainz.addresses import router as make_router
from listening.listenbrainz.deleting import Named, read_named, take_back
from listening.listenbrainz.rules import Submission, read_page, read_submission
from listening.listenbrainz.submitting import begin, read_all, take_told
from listening.listenbrainz.who import Listener, Owner, listener_called, name_by_id
from listening.now import store as playing
from listening.plays import pages

router = make_router()

Json = dict[str, Any]
OK: Json = {"status": "ok"}


class NoTokenToValidate(BadRequest):
    sentence = "You need to provide an Authorization token."


async def _submission(_: Owner, request: Request) -> Submission:
    return read_submission(await request.body())


async def _named(_: Owner, request: Request) -> Named:
    return read_named(await request.body())


async def _reached(_: Owner, request: Request) -> imports.Reached:
    return imports.read_reached(await request.body())


@router.post("/submit-listens")
async def submit_listens(
    owner: Owner, submission: Annotated[Submission, Depends(_submission)], tx: Tx, return_msid: str = ""
) -> Json:
    """What is wrong with one listen is told beside, under `skipped`: a client would take a 400 for a bad token."""
    told, skipped = read_all(submission)
    answer = dict(OK)
    if submission.kind == "playing_now":
        for each in told.values():
            msid = await begin(tx, owner, each)
            answer |= {"recording_msid": msid} if return_msid.lower() == "true" else {}
    else:
        skipped |= await take_told(tx, owner, told, single=submission.kind == "single")
    if skipped:
        answer["skipped"] = [{"index": index, "error": skipped[index]} for index in sorted(skipped)]
    return answer


@router.get("/validate-token")
async def validate_token(caller: SignedCaller, tx: Read) -> Json:
    """A token that is none never comes this far: the gateway says so in the same words."""
    if caller.kind == "anonymous":
        raise NoTokenToValidate
    if caller.user_id is None:
        return {"code": 200, "message": "Token invalid.", "valid": False}
    name = await name_by_id(tx, caller.user_id)
    return {"code": 200, "message": "Token valid.", "valid": True, "user_name": name}


Asked = Annotated[str | None, Query()]


@router.get("/user/{name}/listens")
async def list_listens(  # noqa: PLR0913, PLR0917 — a parameter each
    name: str, caller: SignedCaller, tx: Read, count: Asked = None, min_ts: Asked = None, max_ts: Asked = None
) -> Json:
    """Newest first. After `min_ts` alone they are the oldest ones, so that one can go on from the last."""
    page = read_page(count, min_ts, max_ts)
    whose = await listener_called(tx, name, caller)
    since = None if page.min_ts is None else _at(page.min_ts) + pages.SECOND
    before = None if page.max_ts is None else _at(page.max_ts)
    oldest = since is not None and before is None
    found = await pages.played(tx, whose.id, since=since, before=before, limit=page.count, oldest=oldest)
    first, last = await pages.bounds(tx, whose.id)
    return answers.listens(found, whose, (_stamp(first), _stamp(last)))


def _at(ts: int) -> datetime:
    return datetime.fromtimestamp(ts, tz=UTC)


def _stamp(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())


@router.get("/user/{name}/listen-count")
async def count_listens(name: str, caller: SignedCaller, tx: Read) -> Json:
    whose = await listener_called(tx, name, caller)
    return {"payload": {"count": await pages.number(tx, whose.id)}}


@router.get("/user/{name}/playing-now")
async def read_playing_now(name: str, caller: SignedCaller, tx: Read) -> Json:
    whose = await listener_called(tx, name, caller)
    return answers.playing_now(await playing.current(tx, whose.id), whose)


@router.post("/playing-now/delete")
async def stop_playing(owner: Owner, tx: Tx) -> Json:
    await playing.end(tx, owner)
    return OK


@router.post("/delete-listen")
async def delete_listen(owner: Owner, named: Annotated[Named, Depends(_named)], tx: Tx) -> Json:
    await take_back(tx, owner, named)
    return OK


@router.get("/latest-import")
async def read_latest_import(caller: SignedCaller, tx: Read, user_name: str = "", service: str = "") -> Json:
    wanted = imports.read_service(service)
    whose = await _asked_about(tx, user_name, caller)
    return {"musicbrainz_id": whose.name, "latest_import": await imports.reached(tx, whose.id, wanted)}


async def _asked_about(tx: Read, name: str, caller: SignedCaller) -> Listener:
    if not name and caller.user_id is not None:
        return Listener(caller.user_id, await name_by_id(tx, caller.user_id), own=True)
    return await listener_called(tx, name, caller)


@router.post("/latest-import")
async def write_latest_import(owner: Owner, reached: Annotated[imports.Reached, Depends(_reached)], tx: Tx) -> Json:
    await imports.reach(tx, owner, reached)
    return OK
