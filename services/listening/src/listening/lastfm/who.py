"""Who calls: identity is asked, before there is a transaction, for it keeps what scrobblers sign with."""

from typing import Annotated

import structlog
from fastapi import Depends, Request

from chassis.client import Neighbour, neighbour
from chassis.errors import Unavailable
from contracts.event import Message
from contracts.ids import UserId
from contracts.lastfm import Fault, Known, SignedCall, SignedIn, SigningIn, Token
from listening.lastfm.rules import FAULTS, Call, Failed, read_parameters, wants_json

LONGEST = 100
SIGNS_IN = {"auth.getmobilesession", "auth.getsession"}
# What nobody can do without a session, and what must not be done by an address that is only looked at.
NEEDS_SESSION = frozenset({"track.scrobble", "track.updatenowplaying"})
WRITES = NEEDS_SESSION | {"auth.getmobilesession"}
METHODS = WRITES | SIGNS_IN | {"auth.gettoken", "user.getinfo", "user.getrecenttracks"}


class Caller(Message):
    """Of whom nothing is known but their application, `user_id` is null."""

    user_id: UserId | None = None
    name: str | None = None
    # What signing in has brought.
    token: str | None = None
    session: str | None = None


async def _call(request: Request) -> Call:
    parameters = read_parameters(request.scope["query_string"], await request.body())
    request.state.in_json = wants_json(parameters)
    call = Call(parameters.get("method", "").lower(), parameters, request.method == "POST")
    if call.method not in METHODS or (call.method in WRITES and not call.writes):
        raise Failed(3)
    if not call.get("api_key"):
        raise Failed(10)
    return call


Called = Annotated[Call, Depends(_call)]


async def _caller(call: Called, identity: Annotated[Neighbour, Depends(neighbour("identity"))]) -> Caller:
    """Raises Failed."""
    try:
        known = await _ask(call, identity)
    except Unavailable as error:
        raise Failed(16) from error
    if known.user_id is not None:
        structlog.contextvars.bind_contextvars(actor=f"user:{known.user_id}")
    return known


async def _ask(call: Call, identity: Neighbour) -> Caller:
    signed = {"api_key": _bounded(call.get("api_key")), "said": call.said}
    signed |= {"signature": _bounded(call.get("api_sig"))} if "api_sig" in call.parameters else {}
    if call.method == "auth.gettoken":
        token = Token.model_validate(await identity.post("/internal/lastfm/tokens", _told(SignedCall(**signed))))
        return _unless(token.fault, Caller(token=token.token))
    if call.method in SIGNS_IN:
        asked = SigningIn(**signed, **_shown(call))
        begun = SignedIn.model_validate(await identity.post("/internal/lastfm/sessions", _told(asked)))
        return _unless(begun.fault, Caller(user_id=begun.user_id, name=begun.name, session=begun.session))
    if call.method in NEEDS_SESSION or call.get("sk"):
        signed |= {"session": _bounded(call.get("sk"))}
    known = Known.model_validate(await identity.post("/internal/lastfm/calls", _told(SignedCall(**signed))))
    return _unless(known.fault, Caller(user_id=known.user_id, name=known.name))


def _shown(call: Call) -> dict[str, str]:
    """What lets a scrobbler in. Raises Failed without all of it."""
    wanted = ("token",) if call.method == "auth.getsession" else ("username", "password", "authToken")
    shown = {name: call.get(name) for name in wanted if call.get(name)}
    if "token" not in shown and not ("username" in shown and len(shown) > 1):
        raise Failed(6)
    if any(len(text) > LONGEST for text in shown.values()):
        raise Failed(4)
    return {"auth_token" if name == "authToken" else name: text for name, text in shown.items()}


def _bounded(text: str) -> str:
    # What is longer than any is none of ours either way.
    return text[:LONGEST]


def _told(asked: SignedCall) -> dict[str, object]:
    return asked.model_dump(exclude_none=True)


def _unless(fault: Fault | None, caller: Caller) -> Caller:
    if fault is not None:
        raise Failed(FAULTS[fault])
    return caller


Caller_ = Annotated[Caller, Depends(_caller)]
