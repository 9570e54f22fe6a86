"""Nominating: alone, beside others, again, or in the place of what an edited message said before."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import standing
from club.models import Nomination, Nominator, Week
from club.nominations import rules, store
from club.nominations.changing import changing
from club.nominations.eligibility import check_may_nominate
from club.nominations.withdraw import withdraw_part
from club.phases.store import now
from contracts.ids import AlbumId, UserId
from contracts.nominations import NewNomination
from contracts.refs import Ref


async def nominate(
    tx: AsyncSession, week: Week, user_id: UserId, album_id: AlbumId, new: NewNomination
) -> tuple[Nomination, bool]:
    """The nomination of the album in a week that is taken, and whether the member is new to it.

    A repeat, or a member who comes back, sets only what `new` carries. Raises what the club's rules refuse.
    """
    await _withdraw_replaced(tx, week, user_id, album_id, new.ref)
    nomination = await store.of_album(tx, week.id, album_id, user_id)
    part = await tx.get(Nominator, (nomination.id, user_id)) if nomination else None
    if part is None or part.withdrawn_at is not None:
        await check_may_nominate(tx, week, user_id, album_id, nomination)
    is_new, nomination = part is None, nomination or await store.put_up(tx, week.id, user_id, album_id)
    async with changing(tx, week, nomination):
        await stand(tx, nomination, user_id, part, new, await now(tx))
    return nomination, is_new


async def stand(  # noqa: PLR0913, PLR0917 — who stands behind what, with what, and since when
    tx: AsyncSession,
    nomination: Nomination,
    user_id: UserId,
    part: Nominator | None,
    new: NewNomination,
    since: datetime,
) -> None:
    """Let a member stand behind a nomination that is being changed; `since`, unless they do already."""
    if part is None:
        part = Nominator(nomination_id=nomination.id, user_id=user_id, created_at=since)
        tx.add(part)
    elif part.withdrawn_at is not None:
        part.withdrawn_at, part.created_at = None, since
    if nomination.withdrawn_at is not None:
        nomination.withdrawn_at, nomination.user_id = None, user_id
    for name, said in rules.carried(new).items():
        setattr(part, name, said)
    for name, tag in rules.carried_tags(new).items():
        # Who nominates beside others fills in what they left open.
        if nomination.user_id == user_id or getattr(nomination, name) is None:
            setattr(nomination, name, tag)
    if tx.is_modified(part):
        part.updated_at = await now(tx)


async def _withdraw_replaced(tx: AsyncSession, week: Week, user_id: UserId, album_id: AlbumId, ref: Ref | None) -> None:
    """A message that now names another album was edited: what it said before is taken back."""
    if ref is None or ref.kind != "message":
        return
    said = await store.from_message(tx, ref.id)
    now = await standing(tx, [nomination.album_id for nomination, _ in said])
    for nomination, whose in said:
        if (nomination.week_id, whose) == (week.id, user_id) and now[nomination.album_id] != album_id:
            await withdraw_part(tx, week, nomination, user_id)
