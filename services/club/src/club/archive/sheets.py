"""What a club's spreadsheets show: a query each, whose columns are the header."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, column, func, literal, null, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.albums.redirects import meant
from club.clubs.store import by_id, rules_of
from club.models import Album, BallotLink, BallotSecret, Belonging, Member, Nomination, Nominator, Rating, Result, Week
from club.ratings.store import of_the_winner
from club.roster.store import members_of
from club.weeks.store import label
from contracts.ids import ClubId

ALBUM = (Album.title, Album.artist, Album.year)


async def sheets(tx: AsyncSession, club_id: ClubId) -> Mapping[str, Select[Any]]:
    """By the name of the file."""
    club = await by_id(tx, club_id)
    secret = (await rules_of(tx, club_id)).poll_visibility == "counts_only"
    return {
        "weeks": _weeks().where(Week.club_id == club_id),
        "nominations": _nominations().where(Week.club_id == club_id),
        "ballots": _ballots(with_voters=not secret).where(Week.club_id == club_id),
        "places": _places().where(Week.club_id == club_id),
        "ratings": _ratings().where(Week.club_id == club_id),
        "members": _members(club_id).where(Member.id.in_(members_of(club))),
    }


def _weeks() -> Select[Any]:
    ends = (Week.nominating_ends, Week.voting_ends, Week.discussing_ends, Week.rating_ends)
    shown = select(
        Week.number.label("week"),
        label.label("label"),
        Week.kind,
        Week.phase,
        Week.date_discussion,
        *ALBUM,
        *_person("nominator"),
        *ends,
        Week.created_at,
    )
    won = shown.select_from(Week).outerjoin(Album, Album.id == meant(Week.winner_album_id))
    won = won.outerjoin(Nomination, Nomination.id == Week.winner_nomination_id)
    return won.outerjoin(Member, Member.id == Nomination.user_id).order_by(Week.number)


def _nominations() -> Select[Any]:
    """A line for each member's part in a nomination."""
    leads = (Nominator.user_id == Nomination.user_id).label("leads")
    said = (Nominator.pitch, Nominator.pitch_track_url, Nomination.genre, Nomination.decade, Nomination.country)
    times = (Nominator.created_at, Nominator.withdrawn_at)
    number = Nomination.number.label("number")
    shown = select(Week.number.label("week"), number, *ALBUM, *_person("nominator"), leads, *said, *times)
    joined = shown.join_from(Nomination, Week, Week.id == Nomination.week_id)
    joined = joined.join(Nominator, Nominator.nomination_id == Nomination.id)
    joined = joined.join(Album, Album.id == meant(Nomination.album_id)).join(Member, Member.id == Nominator.user_id)
    return joined.order_by(Week.number, Nomination.number, Nominator.created_at, Nominator.user_id)


def _ballots(*, with_voters: bool) -> Select[Any]:
    """The last link of each ballot's chain, of polls that are decided."""
    later, first, second = aliased(BallotLink), aliased(Nomination), aliased(Nomination)
    firsts, seconds = aliased(Album), aliased(Album)
    nobody = (null().label("voter"), null().label("voter_id"))
    chosen = (firsts.title.label("first"), seconds.title.label("second"))
    whose = _person("voter") if with_voters else nobody
    replaced = select(later.number).where(later.ballot_ref == BallotLink.ballot_ref, later.number > BallotLink.number)
    shown = select(Week.number.label("week"), BallotLink.number.label("number"), *whose, *chosen, BallotLink.cast_at)
    joined = shown.join_from(BallotLink, Week, Week.id == BallotLink.week_id).join(Result, Result.week_id == Week.id)
    joined = joined.join(BallotSecret, BallotSecret.ballot_ref == BallotLink.ballot_ref)
    joined = joined.join(Member, Member.id == BallotSecret.user_id)
    for nomination, album, choice in ((first, firsts, BallotLink.first), (second, seconds, BallotLink.second)):
        joined = joined.outerjoin(nomination, nomination.id == choice).outerjoin(album, album.id == nomination.album_id)
    struck = BallotLink.first.is_(None) & BallotLink.second.is_(None)
    return joined.where(~replaced.exists(), ~struck).order_by(Week.number, BallotLink.number)


def _places() -> Select[Any]:
    """Every place of every result, as it was counted."""
    items = func.jsonb_array_elements(Result.outcome["items"]).table_valued(column("value", JSONB), name="items")
    item = items.c.value
    figures = ("points", "first_votes", "second_votes")
    shown = select(
        Week.number.label("week"),
        _figure(item, "position"),
        *ALBUM,
        *_person("nominator"),
        *(_figure(item, name) for name in figures),
        item["ahead_by"].astext.label("ahead_by"),
    )
    joined = shown.select_from(Result).join(Week, Week.id == Result.week_id).join(items, true())
    joined = joined.join(Nomination, cast(Nomination.id, Text) == item["nomination_id"].astext)
    joined = joined.join(Album, Album.id == Nomination.album_id).join(Member, Member.id == Nomination.user_id)
    return joined.order_by(Week.number, "position")


def _figure(item: ColumnElement[Any], name: str) -> ColumnElement[int]:
    return cast(item[name].astext, Integer).label(name)


def _ratings() -> Select[Any]:
    """Those that stand, of what won."""
    hidden = Rating.review_hidden_at.is_not(None).label("review_hidden")
    said = ((Rating.half_steps / 2.0).label("rating"), Rating.favorite_track, Rating.review, hidden, Rating.late)
    shown = select(Week.number.label("week"), *ALBUM, *_person("member"), *said, Rating.created_at, Rating.updated_at)
    joined = shown.join_from(Rating, Week, of_the_winner).join(Album, Album.id == meant(Rating.album_id))
    joined = joined.join(Member, Member.id == Rating.user_id)
    return joined.order_by(Week.number, Rating.id)


def _members(club_id: ClubId) -> Select[Any]:
    # A spreadsheet would take the figures of a Discord id for a number, and round them.
    discord = (literal("discord:") + Member.discord_id).label("discord_id")
    role = func.coalesce(Belonging.role, "member").label("role")
    here = (Belonging.user_id == Member.id) & (Belonging.club_id == club_id)
    shown = select(Member.display_name.label("member"), Member.id.label("member_id"), Member.handle, discord, role)
    joined: Select[*tuple[Any, ...]] = shown.outerjoin(Belonging, here)
    return joined.order_by(Member.id)


def _person(role: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return Member.display_name.label(role), Member.id.label(f"{role}_id")
