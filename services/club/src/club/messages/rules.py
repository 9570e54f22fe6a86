"""When a message was said, and what it says. No I/O here."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chassis.errors import Conflict, Invalid
from club.parsing.nominations import parse_nomination
from club.parsing.ratings import parse_rating
from contracts.catalog import AlbumIn
from contracts.messages import SeenMessage
from contracts.nominations import NewNomination
from contracts.parsing import Doubt
from contracts.ratings import NewRating
from contracts.refs import Ref

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
# Below this, a bot would have asked before it believed what it read.
BELIEVED = 0.5


class OffsetNeeded(Invalid):
    sentence = "A moment in a message needs its offset: 2025-11-24T20:00:00Z."


class AnotherWeeks(Conflict):
    sentence = "This message spoke of another week before."


class Read(NamedTuple):
    """What a message says, or why it is not believed."""

    said: NewNomination | NewRating | None
    doubts: list[Doubt]


def sent_at(snowflake: str) -> datetime:
    """When Discord took the message: its id says so, whatever the clocks of bots and members do."""
    # Milliseconds; what is too late for any calendar is as late as one can say.
    return DISCORD_EPOCH + timedelta(milliseconds=min(int(snowflake) >> 22, 10**13))


def moment_of(message: SeenMessage, told: datetime | None, now: datetime) -> datetime:
    """When it got as it is, as `told` by a bot whose clock may be wrong: not before it was sent, nor after now."""
    sent = sent_at(message.id)
    return min(max(told or sent, sent), now)


def check_moments(message: SeenMessage) -> None:
    if any(moment is not None and moment.tzinfo is None for moment in (message.edited_at, message.deleted_at)):
        raise OffsetNeeded


def read(message: SeenMessage) -> Read:
    """What its form says, as a bot that saw it would send it on."""
    ref, text = Ref(kind="message", id=message.id), message.content
    if not text:
        return Read(None, [])
    if message.kind == "nomination":
        return _nomination(ref, text)
    rating = parse_rating(text)
    if rating.rating is None or rating.confidence < BELIEVED:
        return Read(None, rating.not_understood)
    said = {"rating": rating.rating / 2, "favorite_track": rating.favorite_track, "review": rating.review, "ref": ref}
    return Read(NewRating.model_validate(said), rating.not_understood)


def _nomination(ref: Ref, text: str) -> Read:
    parsed = parse_nomination(text)
    if parsed.album is None or parsed.confidence < BELIEVED:
        return Read(None, parsed.not_understood)
    said = NewNomination(
        album=AlbumIn.model_validate(parsed.album.model_dump(exclude_none=True)),
        pitch=parsed.pitch,
        pitch_track_url=parsed.pitch_track_url,
        tags=parsed.tags,
        ref=ref,
    )
    return Read(said, parsed.not_understood)
