"""Correcting what members said of a nomination, as admins do."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from club.albums.redirects import standing_album
from club.models import Nomination, Nominator, UserAlias, Week
from club.nominations import rules, store
from club.nominations.changing import changing
from club.results.store import find
from contracts.corrections import Correction, CorrectionOf
from contracts.ids import AlbumId


async def correct(  # noqa: PLR0913, PLR0917 — a nomination, and all that may change of it
    tx: AsyncSession,
    week: Week,
    nomination: Nomination,
    changes: Correction | CorrectionOf,
    album_id: AlbumId | None,
    reason: str,
) -> None:
    """Change what is given of a nomination in a week that is taken; `album_id` is what `changes.album` means.

    Raises where the named member did not nominate it, or its album can be no other.
    """
    whose = await survivor_of(tx, UserAlias, changes.user_id or nomination.user_id)
    part = await tx.get(Nominator, (nomination.id, whose))
    if part is None:
        raise rules.NotNominator
    if album_id == await standing_album(tx, nomination.album_id):
        album_id = None
    if album_id is not None:
        await _check_correctable(tx, week, nomination, album_id)
    async with changing(tx, week, nomination, reason):
        nomination.album_id = album_id or nomination.album_id
        for name, said in rules.corrected(changes).items():
            setattr(part, name, said)
        for name, tag in rules.corrected_tags(changes).items():
            setattr(nomination, name, tag)


async def _check_correctable(tx: AsyncSession, week: Week, nomination: Nomination, album_id: AlbumId) -> None:
    # What won is written down elsewhere, too, and was perhaps rated.
    decided = week.winner_nomination_id == nomination.id or await find(tx, week.id) is not None
    rules.check_correctable(decided=decided, taken=await store.stands_elsewhere(tx, nomination, album_id))
