"""Ballots as they are announced: without their choices until they were revealed, and where the club shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.models import Ballot, BallotLink, BallotSecret, Club, Nomination, Week
from contracts.clubs import ClubRules
from contracts.ids import AlbumId, NominationId
from contracts.votes import VoteCast

_decided = Club.rules["poll_visibility"].astext
shows_choices: ColumnElement[bool] = (
    func.coalesce(_decided, ClubRules.model_fields["poll_visibility"].default) == "public_after_close"
)


class _Held(NamedTuple):
    first: NominationId | None
    first_album_id: AlbumId | None
    second: NominationId | None
    second_album_id: AlbumId | None
    cast_at: datetime


async def state(tx: AsyncSession, ballots: Sequence[Ballot]) -> list[VoteCast]:
    """The ballots as they are announced, whole."""
    rows = await tx.execute(_held([ballot.id for ballot in ballots if ballot.revealed]))
    held = {ballot_id: _Held._make(chosen) for ballot_id, *chosen in rows}
    return [_told(ballot, held.get(ballot.id)) for ballot in ballots]


def secret(ballot: Ballot) -> VoteCast:
    """The ballot as it is announced while its poll is open."""
    return _told(ballot, None)


def _held(
    ids: Sequence[UUID],
) -> Select[UUID, NominationId, AlbumId, NominationId, AlbumId, datetime]:
    """What the chain holds of revealed ballots, if their clubs show it."""
    first, second = aliased(Nomination), aliased(Nomination)
    of_ballot = BallotLink.ballot_ref == BallotSecret.ballot_ref
    last = select(BallotLink).where(of_ballot).order_by(BallotLink.number.desc()).limit(1).lateral()
    link = aliased(BallotLink, last)
    whose = (BallotSecret.week_id == Ballot.week_id) & (BallotSecret.user_id == Ballot.user_id)
    rows = select(Ballot.id, link.first, first.album_id, link.second, second.album_id, link.cast_at)
    rows = rows.join(Week, Week.id == Ballot.week_id).join(Club).join(BallotSecret, whose).join(link, true())
    rows = rows.outerjoin(first, first.id == link.first).outerjoin(second, second.id == link.second)
    # Should two ballots have become one person's, the later one speaks.
    return rows.where(Ballot.id.in_(ids), shows_choices).order_by(link.number)


def _told(ballot: Ballot, held: _Held | None) -> VoteCast:
    chosen = held or _Held(None, None, None, None, ballot.cast_at)
    return VoteCast(
        week_id=ballot.week_id,
        user_id=ballot.user_id,
        version=ballot.version,
        **chosen._asdict(),
        secret=held is None,
    )
