"""The one address of the protocol: a form names the method. Refusals have its own form, too."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Tx
from chassis.http import private_router
from chassis.tokens import SignedCaller
from listening.lastfm import words
from listening.lastfm.reading import about, recent_tracks
from listening.lastfm.rules import Call, Failed
from listening.lastfm.scrobbling import scrobble, update_now_playing
from listening.lastfm.who import Called, Caller, Caller_

JSON, XML = "application/json", "text/xml; charset=utf-8"

# Answers hold sessions: nothing keeps them. It is another protocol than the rest, which no OpenAPI document describes.
router = private_router()


async def _tell_token(_: AsyncSession, caller: Caller, __: Call) -> Mapping[str, Any]:
    return {"token": caller.token}


async def _tell_session(_: AsyncSession, caller: Caller, __: Call) -> Mapping[str, Any]:
    return {"session": {"subscriber": 0, "name": caller.name, "key": caller.session}}


async def _scrobble(tx: AsyncSession, caller: Caller, call: Call) -> Mapping[str, Any]:
    if caller.user_id is None:
        raise Failed(9)
    return await scrobble(tx, caller.user_id, call)


async def _play(tx: AsyncSession, caller: Caller, call: Call) -> Mapping[str, Any]:
    if caller.user_id is None:
        raise Failed(9)
    return await update_now_playing(tx, caller.user_id, call)


ANSWERS: Mapping[str, Callable[[AsyncSession, Caller, Call], Awaitable[Mapping[str, Any]]]] = {
    "auth.gettoken": _tell_token,
    "auth.getsession": _tell_session,
    "auth.getmobilesession": _tell_session,
    "track.scrobble": _scrobble,
    "track.updatenowplaying": _play,
    "user.getinfo": about,
    "user.getrecenttracks": recent_tracks,
}


@router.api_route("/2.0", methods=["GET", "POST"], include_in_schema=False)
async def answer(_: SignedCaller, call: Called, caller: Caller_, tx: Tx, request: Request) -> Response:
    told = await ANSWERS[call.method](tx, caller, call)
    if request.state.in_json:
        return Response(words.in_json(told), media_type=JSON, headers=NEVER_STORED)
    return Response(words.in_xml(told), media_type=XML, headers=NEVER_STORED)


NEVER_STORED = {"Cache-Control": "no-store"}


def _fail(request: Request, failed: Failed) -> Response:
    in_json = getattr(request.state, "in_json", False)
    tell = words.failure_in_json if in_json else words.failure_in_xml
    body = tell(failed.number, str(failed))
    return Response(body, failed.status, NEVER_STORED, media_type=JSON if in_json else XML)


def install(app: FastAPI) -> None:
    """Outside of any endpoint: whatever a call has written before it failed is not kept."""
    app.exception_handler(Failed)(_fail)
