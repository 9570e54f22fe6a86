"""Making up for messages that were not seen: each as if it had been seen when it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from club.albums import ensure as albums
from club.albums.ensure import KnownAlbum
from club.members import ensure as members
from club.members.ensure import KnownMember
from club.members.store import hold_before
from club.messages import rules
from club.messages.withdraw import other_messages, withdraw_nominations, withdraw_ratings
from club.models import Week
from club.nominations import store as nominations
from club.nominations.nominate import nominate
from club.phases.past import phase_then
from club.phases.rules import check_accepts
from club.phases.store import now
from club.ratings import store as ratings
from club.ratings.give import give_rating
from club.ratings.rules import check_winner
from club.results import store as results
from club.results.rules import ResultFinal
from club.roster.who import check_may
from contracts.ids import UserId
from contracts.messages import Became, Outcome, Said, SeenMessage
from contracts.nominations import NewNomination
from contracts.parsing import Doubt
from contracts.ratings import NewRating


@dataclass(frozen=True)
class Missed:
    """A message, what it says, and whom and what it speaks of, found before the transaction began."""

    index: int
    message: SeenMessage
    said: NewNomination | NewRating | None = None
    doubts: list[Doubt] = field(default_factory=list)
    author: KnownMember | None = None
    album: KnownAlbum | None = None
    refusal: Refusal | None = None


async def make_up(tx: AsyncSession, week: Week, missed: Sequence[Missed], complete: Sequence[Said]) -> list[Outcome]:
    """Settle each in a week that is taken, oldest first; one that is refused costs the others nothing."""
    # In one order, whatever the messages are in: they are held until the end.
    await hold_before(tx, [each.author.id for each in missed if each.author])
    told = [await _alone(tx, week, each) for each in sorted(missed, key=lambda each: int(each.message.id))]
    for kind in complete:
        sent = [each.message.id for each in missed if each.message.kind == kind]
        told += [await _gone(tx, week, message_id, kind) for message_id in await other_messages(tx, week, sent, kind)]
    return told


async def _alone(tx: AsyncSession, week: Week, missed: Missed) -> Outcome:
    message = missed.message
    about = {"index": missed.index, "id": message.id, "kind": message.kind, "not_understood": missed.doubts}
    try:
        if missed.refusal is not None:
            raise missed.refusal
        async with tx.begin_nested():
            became, subject_id = await _settle(tx, week, missed)
    except Refusal as refusal:
        return Outcome(**about, became="refused", code=refusal.code, detail=str(refusal))
    return Outcome(**about, became=became, subject_id=subject_id)


async def _gone(tx: AsyncSession, week: Week, message_id: str, kind: Said) -> Outcome:
    gone = SeenMessage.model_validate({"id": message_id, "kind": kind, "author": {"discord_id": "1"}, "deleted": True})
    told = await _alone(tx, week, Missed(0, gone))
    return told.model_copy(update={"index": None})


async def _settle(tx: AsyncSession, week: Week, missed: Missed) -> tuple[Became, UUID | None]:
    message = missed.message
    if message.deleted:
        current = await now(tx)
        return await _withdrawn(tx, week, message, rules.moment_of(message, message.deleted_at or current, current))
    if missed.said is None or missed.author is None:
        return "not_understood", None
    user_id = await members.settle(tx, missed.author)
    said_at = rules.moment_of(message, message.edited_at, await now(tx))
    if isinstance(missed.said, NewRating):
        return await _rated(tx, week, user_id, missed.said, said_at)
    return await _nominated(tx, week, user_id, missed, said_at)


async def _withdrawn(
    tx: AsyncSession, week: Week, message: SeenMessage, moment: datetime
) -> tuple[Became, UUID | None]:
    phase = await phase_then(tx, week, moment)
    if message.kind == "nomination":
        gone: list[UUID] = [*await withdraw_nominations(tx, week, message.id, phase)]
    else:
        gone = [rating.id for rating in await withdraw_ratings(tx, week, message.id, phase)]
    return ("withdrawn", gone[0]) if gone else ("gone", None)


async def _nominated(
    tx: AsyncSession, week: Week, user_id: UserId, missed: Missed, said_at: datetime
) -> tuple[Became, UUID | None]:
    said, album = missed.said, missed.album
    assert isinstance(said, NewNomination)  # noqa: S101 — for mypy: `_settle` has looked
    assert album is not None  # noqa: S101 — found before, or there is a refusal
    check_accepts(await phase_then(tx, week, said_at), "nominate", week.kind)
    await check_may(tx, "nominate", week.club_id, user_id)
    album_id = await albums.settle(tx, album)
    before = await nominations.of_album(tx, week.id, album_id, user_id)
    version = before and before.version
    if version is None and await results.find(tx, week.id) is not None:
        raise ResultFinal
    nomination, is_new = await nominate(tx, week, user_id, album_id, said)
    if nomination.version == version:
        return "same", nomination.id
    return ("made" if is_new else "changed"), nomination.id


async def _rated(
    tx: AsyncSession, week: Week, user_id: UserId, said: NewRating, said_at: datetime
) -> tuple[Became, UUID | None]:
    check_winner(week.winner_album_id)
    await check_may(tx, "rate", week.club_id, user_id)
    before = await ratings.find(tx, week, user_id)
    version = before and before.version
    rating, is_new = await give_rating(tx, week, user_id, said, await phase_then(tx, week, said_at))
    if rating.version == version:
        return "same", rating.id
    return ("made" if is_new else "changed"), rating.id
