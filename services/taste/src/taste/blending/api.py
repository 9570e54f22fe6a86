"""Blends over HTTP."""

from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.caller import Caller
from chassis.db import Read
from chassis.errors import Invalid
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.blends import Blend, BlendTrack
from contracts.identity import ADDRESS
from contracts.ids import UserId
from contracts.taste_club import Member
from taste.blending.formats import as_jspf, as_m3u
from taste.blending.rules import Player, blended
from taste.models import User
from taste.profiles.showing import shown, withheld_from
from taste.profiles.store import kept_of
from taste.sight import seen

router = routes(prefix="/taste", tags=["taste"])
MOST = 10
ONE = ADDRESS.removeprefix("^").removesuffix("$")
People = Annotated[str, StringConstraints(pattern=f"^(?:{ONE})(?:,(?:{ONE})){{1,{MOST - 1}}}$")]


class OnlyOnePerson(Invalid):
    sentence = "A blend is of two people at least; of these, some are the same person."


@router.get(
    "/blend",
    response_model=Blend,
    responses={200: {"content": {"application/jspf+json": {}, "audio/x-mpegurl": {"schema": {"type": "string"}}}}},
)
async def read_blend(
    caller: SignedCaller,
    tx: Read,
    users: Annotated[People, Query(description="Two to ten user ids, `@handle`s or `me`, separated by commas.")],
    size: Annotated[int, Query(ge=1, le=100)] = 30,
    wanted: Annotated[Literal["json", "jspf", "m3u"], Query(alias="format")] = "json",
) -> Response | Blend:
    """A playlist of what several people play, in turns; with the reason of each track."""
    people = {user.id: user for user in [await seen(tx, each, caller) for each in users.split(",")]}
    if len(people) == 1:
        raise OnlyOnePerson
    players = [await _player(tx, user, caller) for user in people.values()]
    blend = Blend(
        users=[Member.model_validate(user) for user in people.values()],
        silent=[Member.model_validate(people[player.user_id]) for player in players if not player.tracks],
        tracks=[
            BlendTrack(
                id=turn.track.id,
                title=turn.track.title,
                artist=turn.track.artist,
                whose=Member.model_validate(people[turn.whose]),
                why=turn.why,
            )
            for turn in blended(players, size)
        ],
    )
    if wanted == "jspf":
        return JSONResponse(as_jspf(blend), media_type="application/jspf+json")
    return PlainTextResponse(as_m3u(blend), media_type="audio/x-mpegurl") if wanted == "m3u" else blend


async def _player(tx: AsyncSession, user: User, caller: Caller) -> Player:
    profile = shown(await kept_of(tx, UserId(user.id)), withheld_from(caller, user))
    return Player(UserId(user.id), user.display_name, profile.top_tracks)
