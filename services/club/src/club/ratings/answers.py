"""Ratings as they are shown, to each as far as they may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import standing, standing_album
from club.members.store import people
from club.models import DiaryEntry, Rating, RatingState
from club.ratings import store
from club.ratings.rules import truncated
from club.ratings.sight import Sight
from contracts import ratings
from contracts.identity import Person
from contracts.ids import AlbumId, UserId
from contracts.ratings import GivenRating, OneRating, Rated
from contracts.refs import Ref


async def listed(
    tx: AsyncSession, ratings: Sequence[Rating], users: Mapping[UserId, Person], sight: Sight, truncate: int | None
) -> list[GivenRating]:
    """The ratings in their order, those of `users` with their authors."""
    now = await standing(tx, {rating.album_id for rating in ratings})
    told = [_columns(rating, users.get(rating.user_id), sight, truncate) for rating in ratings]
    return [GivenRating(**each | {"album_id": now[each["album_id"]]}) for each in told]


async def rated(tx: AsyncSession, rating: Rating, sight: Sight, *, with_discord: bool) -> Rated:
    """The rating with its diary, as it is told to who gave it."""
    return Rated(**await _whole(tx, rating, sight, with_discord=with_discord))


async def one(tx: AsyncSession, rating: Rating, sight: Sight, *, with_discord: bool) -> OneRating:
    """The rating with its diary, and for whoever may read it with its history."""
    states = await store.history(tx, rating) if sight.reads_history(rating) else None
    now = await standing(tx, {state.album_id for state in states or ()})
    told = await _whole(tx, rating, sight, with_discord=with_discord)
    return OneRating(**told, history=None if states is None else [_state(each, now[each.album_id]) for each in states])


async def _whole(tx: AsyncSession, rating: Rating, sight: Sight, *, with_discord: bool) -> dict[str, Any]:
    persons = await people(tx, [rating.user_id], with_discord=with_discord)
    entries = diary(await store.diary(tx, rating.id), reviews=sight.reads_review(rating))
    album_id = await standing_album(tx, rating.album_id)
    return _columns(rating, persons[rating.user_id], sight) | {"album_id": album_id, "diary": entries}


def diary(entries: Sequence[DiaryEntry], *, reviews: bool) -> list[ratings.DiaryEntry]:
    """A moderator who hides a review hides what its author wrote in the diary, too."""
    return [
        ratings.DiaryEntry(
            rating=entry.half_steps / 2,
            favorite_track=entry.favorite_track,
            review=entry.review if reviews else None,
            at=entry.at,
        )
        for entry in entries
    ]


def _columns(rating: Rating, user: Person | None, sight: Sight, truncate: int | None = None) -> dict[str, Any]:
    return {
        "id": rating.id,
        "week_id": rating.week_id,
        "album_id": rating.album_id,
        "user": user,
        "rating": rating.half_steps / 2,
        "favorite_track": rating.favorite_track,
        "review": truncated(rating.review, truncate) if sight.reads_review(rating) else None,
        "review_hidden": rating.review_hidden_at is not None,
        "late": rating.late,
        "created_at": rating.created_at,
        "updated_at": rating.updated_at,
    }


def _state(state: RatingState, album_id: AlbumId) -> ratings.RatingState:
    return ratings.RatingState(
        album_id=album_id,
        rating=state.half_steps / 2,
        favorite_track=state.favorite_track,
        review=state.review,
        late=state.late,
        withdrawn=state.withdrawn,
        ref=None if state.ref is None else Ref.model_validate(state.ref),
        at=state.at,
    )
