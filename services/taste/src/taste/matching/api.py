"""How alike members are, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import func, select

from chassis.db import Read
from chassis.http import router as routes
from chassis.paging import BadCursor, Cursor, decode_cursor, encode_cursor
from contracts.clubs import Slug
from contracts.taste_club import Alike, ClubMatrix, MatrixRow, Member, Neighbours
from taste.clubs.store import club_named, members_of
from taste.matching.rules import Match, Row, beside, nearest
from taste.matching.store import computed_last, near, rows_of, to_members
from taste.models import Unmatched, User
from taste.sight import SeenPerson, insider

router = routes(tags=["taste"])
LARGEST_SEAT = 2**31


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
        members=[Member.model_validate(user) for user in people],
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
    among, found = await near(tx, user)
    return Neighbours(among=among, items=[_alike(other, match) for other, match in found[:limit]])


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    (seat,) = decode_cursor(cursor, int)
    if seat >= LARGEST_SEAT:
        raise BadCursor
    return int(seat)


def _row(user: User, people: Sequence[User], rows: Mapping[int, Row]) -> MatrixRow:
    called = {each.seat: each for each in people}
    matches = beside(rows, user.seat, called)
    ranked = nearest(matches)
    found = [matches.get(each.seat) for each in people]
    return MatrixRow(
        user=Member.model_validate(user),
        scores=[each.score / 10 if each and each.score >= 0 else None for each in found],
        confidences=[each.confidence / 100 if each else 0.0 for each in found],
        twin=_alike(called[ranked[0][0]], ranked[0][1]) if ranked else None,
        opposite=_alike(called[ranked[-1][0]], ranked[-1][1]) if len(ranked) > 1 else None,
    )


def _alike(user: User, found: Match) -> Alike:
    return Alike(user=Member.model_validate(user), score=found.score / 10, confidence=found.confidence / 100)
