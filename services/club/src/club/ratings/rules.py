"""When there is something to rate, what a rating says and changes, and who sees it. No I/O here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, NotFound, Unauthenticated
from club.gallery.rules import DiscordIdsHidden
from club.members.rules import KeyTooWeak, OnlyForYourself
from contracts.clubs import RatingVisibility
from contracts.ids import AlbumId, UserId
from contracts.ratings import NewRating
from contracts.refs import Ref


class NoWinner(Conflict):
    sentence = "This week has no winner yet, so there is nothing to rate."


class NoRating(NotFound):
    sentence = "There is no rating of this member in this week."


class RatingsHidden(Forbidden):
    sentence = "What others rated is shown once you have rated yourself, or when the week closes."


def check_winner(album_id: AlbumId | None) -> None:
    if album_id is None:
        raise NoWinner


def counts(album_id: AlbumId, withdrawn_at: datetime | None, winner: AlbumId | None) -> bool:
    """Whether a rating of the album is one of the week's: it stands, and is of what won."""
    return withdrawn_at is None and album_id == winner


def afresh(given: NewRating) -> dict[str, Any]:
    """What a first rating sets, or one that was withdrawn or of another album, of which nothing stays."""
    ref = given.ref.model_dump() if given.ref else None
    return {"half_steps": given.rating, "favorite_track": given.favorite_track, "review": given.review, "ref": ref}


def said(given: NewRating) -> dict[str, Any]:
    """What a repeat says: it leaves what it does not carry, and empties what it carries as null."""
    rest = given.model_dump(include={"favorite_track", "review"}, exclude_unset=True)
    return {"half_steps": given.rating, **rest}


def changed(standing: Any, given: NewRating) -> dict[str, Any]:
    """Which of it would make the standing rating another; of another message, where it was said counts too."""
    differs = {name: value for name, value in said(given).items() if getattr(standing, name) != value}
    if given.ref is None or same_message(standing.ref, given.ref):
        return differs
    return differs | {"ref": given.ref.model_dump()}


def same_message(ref: Mapping[str, Any] | None, given: Ref | None) -> bool:
    """Whether it was said in the very message that the standing rating came from: then that message was edited."""
    if ref is None or given is None:
        return False
    return all(ref[name] == getattr(given, name) for name in ("provider", "kind", "id"))


def hides(visibility: RatingVisibility, *, closed: bool, rated: bool, hosts: bool) -> bool:
    """Whether the ratings of others are hidden from somebody who has `rated` the week's winner, or has not."""
    if hosts or closed or visibility == "always":
        return False
    return not (rated and visibility == "after_rating")


def check_sees(*, own: bool, by_discord_id: bool, sees_discord_ids: bool, hidden: bool) -> None:
    """Refuses also where there is no rating: whether somebody rated is theirs, too."""
    if own:
        return
    if by_discord_id and not sees_discord_ids:
        raise DiscordIdsHidden
    if hidden:
        raise RatingsHidden


def check_may_withdraw(caller: Caller, user_id: UserId | None, *, hosts: bool) -> None:
    if caller.kind == "anonymous":
        raise Unauthenticated
    if caller.only_listens:
        raise KeyTooWeak
    if not hosts and (user_id is None or not caller.is_user(user_id)):
        raise OnlyForYourself


def reads_review(author: UUID, hidden_at: datetime | None, viewer: UUID | None, *, hosts: bool) -> bool:
    """A review that a moderator hid is read by its author and by whoever runs the club."""
    return hidden_at is None or hosts or author == viewer


def truncated(review: str | None, length: int | None) -> str | None:
    """The first `length` characters, and `…` where something was cut off."""
    if review is None or length is None or len(review) <= length:
        return review
    return review[:length] + "…"
