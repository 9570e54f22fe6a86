"""Everything that is a member's own, in PostgreSQL: what they said, and nothing of what others did."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Float, Select, and_, case, cast, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.json_rows import json_object
from club.models import (
    Album,
    BallotLink,
    BallotSecret,
    Bar,
    Belonging,
    Club,
    DiaryEntry,
    Member,
    Nomination,
    Nominator,
    Override,
    Rating,
    RatingState,
    Week,
)
from contracts.ids import UserId

Ids: TypeAlias = Collection[UserId]
Rows: TypeAlias = Select[*tuple[Any, ...]]

WEEK = (Club.slug.label("club"), Week.number.label("week"), Week.id.label("week_id"))
ALBUM = json_object(Album, "id", "title", "artist", "year").label("album")
RATED = ("favorite_track", "review", "late", "ref")


async def kept_of(tx: AsyncSession, ids: Ids) -> dict[str, Sequence[Mapping[Any, Any]]]:
    """By name, what there is of each."""
    sections = {
        "profile": _profile(ids),
        "memberships": _memberships(ids),
        "bars": _bars(ids),
        "nominations": _nominations(ids),
        "ballots": _ballots(ids),
        "ratings": _ratings(ids),
        "rating_history": _history(ids),
        "diary": _diary(ids),
        "overrides": _overrides(ids),
    }
    return {name: (await tx.execute(rows)).mappings().all() for name, rows in sections.items()}


def _profile(ids: Ids) -> Rows:
    shown = (Member.display_name, Member.handle, Member.avatar_url, Member.discord_id, Member.privacy)
    return select(Member.id.label("user_id"), *shown).where(Member.id.in_(ids)).order_by(Member.id)


def _memberships(ids: Ids) -> Rows:
    lines = select(Club.slug.label("club"), Club.name, Belonging.role).join(Club, Club.id == Belonging.club_id)
    return lines.where(Belonging.user_id.in_(ids)).order_by(Club.slug)


def _bars(ids: Ids) -> Rows:
    bars = select(Club.slug.label("club"), Bar.acts.label("from"), Bar.reason, Bar.created_at)
    return bars.join(Club, Club.id == Bar.club_id).where(Bar.user_id.in_(ids)).order_by(Club.slug)


def _nominations(ids: Ids) -> Rows:
    """Their part in each; the tags are whoever leads it answers for."""
    leads = Nomination.user_id == Nominator.user_id
    tags = [case((leads, tag)).label(tag.key) for tag in (Nomination.genre, Nomination.decade, Nomination.country)]
    said = (Nominator.pitch, Nominator.pitch_track_url, Nominator.ref)
    times = (Nominator.created_at, Nominator.updated_at, Nominator.withdrawn_at)
    parts = select(*WEEK, Nomination.id.label("nomination_id"), ALBUM, leads.label("leads"), *said, *tags, *times)
    joined = parts.select_from(Nominator).join(Nomination).join(Week, Week.id == Nomination.week_id)
    joined = joined.join(Club, Club.id == Week.club_id).join(Album, Album.id == Nomination.album_id)
    return joined.where(Nominator.user_id.in_(ids)).order_by(Club.slug, Week.number, Nomination.number)


def _ballots(ids: Ids) -> Rows:
    """As the chain holds them, of polls that are open, too; those that were struck hold nothing."""
    later, chosen = aliased(BallotLink), {name: _chosen(name) for name in ("first", "second")}
    told = (BallotLink.ballot_ref, BallotLink.number, BallotLink.cast_at)
    links = select(*WEEK, *told, *(each.label(name) for name, each in chosen.items()))
    joined = links.select_from(BallotLink).join(BallotSecret, BallotSecret.ballot_ref == BallotLink.ballot_ref)
    joined = joined.join(Week, Week.id == BallotLink.week_id).join(Club, Club.id == Week.club_id)
    replaced = select(later.number).where(later.ballot_ref == BallotLink.ballot_ref, later.number > BallotLink.number)
    struck = and_(BallotLink.first.is_(None), BallotLink.second.is_(None))
    whose = joined.where(BallotSecret.user_id.in_(ids), ~replaced.exists(), ~struck)
    return whose.order_by(Club.slug, Week.number, BallotLink.number)


def _chosen(rank: str) -> Any:
    """The nomination of the link at that rank, and its album."""
    nomination, album = aliased(Nomination), aliased(Album)
    shown = json_object(album, "title", "artist", nomination_id=nomination.id)
    held = select(shown).select_from(nomination).join(album, album.id == nomination.album_id)
    return held.where(nomination.id == getattr(BallotLink, rank)).correlate(BallotLink).scalar_subquery()


def _ratings(ids: Ids) -> Rows:
    times = (Rating.visible_from, Rating.created_at, Rating.updated_at, Rating.withdrawn_at)
    hidden = (Rating.review_hidden_at, Rating.review_hidden_reason)
    given = select(*WEEK, Rating.id.label("rating_id"), ALBUM, *_said(Rating), *hidden, *times)
    joined = given.select_from(Rating).join(Week, Week.id == Rating.week_id).join(Club, Club.id == Week.club_id)
    joined = joined.join(Album, Album.id == Rating.album_id)
    return joined.where(Rating.user_id.in_(ids)).order_by(Club.slug, Week.number)


def _history(ids: Ids) -> Rows:
    """Every state that their ratings had."""
    states = select(RatingState.rating_id, ALBUM, *_said(RatingState), RatingState.withdrawn, RatingState.at)
    joined = states.join(Rating, Rating.id == RatingState.rating_id).join(Album, Album.id == RatingState.album_id)
    return joined.where(Rating.user_id.in_(ids)).order_by(RatingState.rating_id, RatingState.version)


def _diary(ids: Ids) -> Rows:
    said = (_stars(DiaryEntry), DiaryEntry.favorite_track, DiaryEntry.review, DiaryEntry.at)
    entries = select(DiaryEntry.rating_id, *said).join(Rating, Rating.id == DiaryEntry.rating_id)
    return entries.where(Rating.user_id.in_(ids)).order_by(DiaryEntry.rating_id, DiaryEntry.at)


def _overrides(ids: Ids) -> Rows:
    """Winners that they set as an admin."""
    rows = select(*WEEK, ALBUM, Override.reason, Override.at).select_from(Override)
    joined = rows.join(Week, Week.id == Override.week_id).join(Club, Club.id == Week.club_id)
    joined = joined.join(Album, Album.id == Override.album_id)
    return joined.where(Override.actor.in_([str(each) for each in ids])).order_by(Override.id)


def _said(rating: Any) -> list[Any]:
    return [_stars(rating), *(getattr(rating, name) for name in RATED)]


def _stars(rating: Any) -> Any:
    return cast(rating.half_steps / 2.0, Float).label("rating")
