"""Profiles over HTTP: reading anybody's, changing one's own, finding people."""

from typing import Annotated

from fastapi import Depends, Query, Request

from chassis.caller import signed_in
from chassis.client import Neighbour, neighbour
from chassis.db import Read
from chassis.http import router as make_router
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from contracts import text
from contracts.identity import Person
from contracts.paging import Page
from contracts.profiles import ChangedProfile, Profile, ProfileChange
from identity.follows.store import apart
from identity.models import User
from identity.profiles import answers, store
from identity.profiles.addresses import SeenUser
from identity.profiles.changing import change_profile
from identity.profiles.telling import tell_narrowed
from identity.users.answers import person

router = make_router(prefix="/users", tags=["users"])

Sought = Annotated[text.Query, Query(description="A handle or a name, or the beginning of one.")]


async def _keepers(
    club: Annotated[Neighbour, Depends(neighbour("club"))],
    listening: Annotated[Neighbour, Depends(neighbour("listening"))],
    taste: Annotated[Neighbour, Depends(neighbour("taste"))],
) -> list[Neighbour]:
    return [club, listening, taste]


# Those who keep what people show.
Keepers = Annotated[list[Neighbour], Depends(_keepers)]


# Before the person by their id, which would take "search" for one.
@router.get("/search")
async def find_people(
    q: Sought, caller: SignedCaller, tx: Read, limit: Limit = 25, cursor: Cursor = None
) -> Page[Person]:
    """People by handle or name: the very name first, then beginnings, then what is alike."""
    passed = decode_cursor(cursor, int)[0] if cursor else 0
    found = await store.page(tx, q.removeprefix("@"), [~apart(caller.user_id, User.id)], passed, limit)
    items = [person(user, with_discord=caller.sees_discord_ids) for user in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(passed + limit) if len(found) > limit else None)


@router.patch("/me")
async def change_own_profile(
    change: ProfileChange, caller: SignedCaller, request: Request, keepers: Keepers
) -> ChangedProfile:
    """Change one's own profile. To show less than before takes effect at once, but with those who are `pending`."""
    user_id = signed_in(caller)
    # Its own transaction, for the others are told once it is committed.
    async with request.app.state.db.transaction() as tx:
        changed = await change_profile(tx, user_id, change)
        shown = await answers.profile(tx, changed.user, caller)
    pending = await tell_narrowed(changed.told, keepers) if changed.narrowed else []
    return ChangedProfile(**shown.model_dump(), pending=pending)


@router.get("/{user_id}")
async def read_user(user: SeenUser, caller: SignedCaller, tx: Read) -> Profile:
    """A person, by id or handle. Bots, workers and admins see the Discord id too."""
    return await answers.profile(tx, user, caller)
