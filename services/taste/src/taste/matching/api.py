"""How alike members are, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import func, select

from chassis.caller import Caller, KeyForListensOnly, reaches
from chassis.db import Read
from chassis.errors import Unauthenticated
from chassis.http import router as routes
from chassis.paging import BadCursor, Cursor, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from contracts.clubs import Slug
from contracts.taste_club import Alike, ClubMatrix, MatrixRow, Member, Neighbours
from taste.clubs.store import club_named, fellows_of, members_of
from taste.matching.rules import Match, Row, between, nearest
from taste.matching.store import computed_last, rows_of, to_members
from taste.models import Unmatched, User
from taste.sight import SeenPerson

router = routes(tags=["taste"])
LARGEST_SEAT = 2**31


async def insider(caller: SignedCaller) -> Caller:
    """What is told here is drawn from what people show to members: strangers are asked to sign in."""
    if not reaches(caller, "members"):
        raise Unauthenticated if caller.kind == "anonymous" else KeyForListensOnly
    return caller


@router.get("/taste/clubs/{slug}/matrix", dependencies=[Depends(insider)])
async def read_matrix(
    slug: Slug, tx: Read, limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: Cursor = None
) -> ClubMatrix:
    """How alike the members of a club are, everybody beside everybody; a moment behind what was told last."""
    club, after = await club_named(tx, slug), _after(cursor)
    everybody = await members_of(tx, club)
    people = to_members(everybody)
    asked = [user for user in people if user.seat > after][: limit + 1]
    rows = await rows_of(tx, asked[:limit], people)
    waiting = select(func.count()).where(Unmatched.user_id.in_([user.id for user in people]))
    return ClubMatrix(
        club_id=club.id,
        members=[member(user) for user in people],
        hidden=len(everybody) - len(people),
        rows=[_row(user, people, rows) for user in asked[:limit]],
        computed_at=await computed_last(tx, people),
        waiting=await tx.scalar(waiting) or 0,
        next_cursor=encode_cursor(asked[limit - 1].seat) if len(asked) > limit else None,
    )


@router.get("/users/{user_id}/neighbours", dependencies=[Depends(insider)])
async def read_neighbours(user: SeenPerson, tx: Read, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> Neighbours:
    """The members of one's clubs whose taste is most alike."""
    if user not in to_members([user]):
        return Neighbours(among=0, items=[])
    others = [each for each in to_members(await fellows_of(tx, user.id)) if each.id != user.id]
    matches = beside(user, others, await rows_of(tx, [user], others))
    called = {each.seat: each for each in others}
    items = [alike(called[seat], found) for seat, found in nearest(matches)[:limit]]
    return Neighbours(among=len(others), items=items)


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    (seat,) = decode_cursor(cursor, int)
    if seat >= LARGEST_SEAT:
        raise BadCursor
    return int(seat)


def _row(user: User, people: Sequence[User], rows: Mapping[int, Row]) -> MatrixRow:
    matches = beside(user, people, rows)
    called = {each.seat: each for each in people}
    near = nearest(matches)
    found = [matches.get(each.seat) for each in people]
    return MatrixRow(
        user=member(user),
        scores=[each.score / 10 if each and each.score >= 0 else None for each in found],
        confidences=[each.confidence / 100 if each else 0.0 for each in found],
        twin=alike(called[near[0][0]], near[0][1]) if near else None,
        opposite=alike(called[near[-1][0]], near[-1][1]) if len(near) > 1 else None,
    )


def beside(user: User, others: Sequence[User], rows: Mapping[int, Row]) -> dict[int, Match]:
    """By seat, where it is known."""
    found = {each.seat: between(rows, user.seat, each.seat) for each in others if each.id != user.id}
    return {seat: each for seat, each in found.items() if each is not None}


def member(user: User) -> Member:
    return Member(id=user.id, display_name=user.display_name, handle=user.handle)


def alike(user: User, found: Match) -> Alike:
    return Alike(user=member(user), score=found.score / 10, confidence=found.confidence / 100)
