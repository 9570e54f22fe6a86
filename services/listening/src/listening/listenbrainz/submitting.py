"""Taking a submission in: each listen by itself, as whatever else comes in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from listening.ingest.rules import Heard
from listening.ingest.take import take_in
from listening.listenbrainz.listens import Told, Unfit, read_listen
from listening.listenbrainz.rules import Submission
from listening.names.store import Said
from listening.now import store as playing

SOURCE = "listenbrainz"
DOUBTED = {
    "too_early": (
        "Value for key listened_at is too low. listened_at timestamp should be greater than 1033430400"
        " (2002-10-01 00:00:00 UTC)."
    ),
    "in_the_future": "Value for key listened_at is too high.",
}

# Why the listen at an index was not kept.
Skipped = dict[int, str]


def read_all(submission: Submission) -> tuple[dict[int, Told], Skipped]:
    told: dict[int, Told] = {}
    skipped: Skipped = {}
    for index, item in enumerate(submission.items):
        try:
            told[index] = read_listen(item, submission.kind)
        except Unfit as unfit:
            skipped[index] = str(unfit)
    return told, skipped


async def take_told(tx: AsyncSession, user_id: UserId, told: Mapping[int, Told], *, single: bool) -> Skipped:
    """Those that cannot be believed are kept apart, and said to be skipped."""
    heard = {index: _heard(user_id, each) for index, each in told.items()}
    taken = await take_in(tx, [*heard.values()]) if heard else []
    if single:
        await playing.end_with(tx, heard.values())
    doubted = dict(zip(heard, taken, strict=True))
    return {index: DOUBTED[each.code] for index, each in doubted.items() if each.code in DOUBTED}


async def begin(tx: AsyncSession, user_id: UserId, told: Told) -> str:
    """The id of what plays now."""
    said = Said.of(told.track)
    await playing.begin(tx, user_id, said, source=SOURCE, client=told.client, raw=told.info or None)
    return str(said.id)


def _heard(user_id: UserId, told: Told) -> Heard:
    if told.listened_at is None:
        raise LookupError("What plays just now is no listen.")
    said = Said.of(told.track)
    raw: dict[str, Any] | None = dict(told.info) or None
    return Heard(user_id, said.id, said, told.listened_at, SOURCE, None, told.client, raw)
