"""What the bot sends: the season's facts as bodies of requests."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from standalone.demo.season import Member, Nomination, Rating, Season, Week

Body = dict[str, Any]

GUILD = "193842067721486337"
DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
# Discord counts milliseconds above 22 bits of its own.
CLOCK_SHIFT = 22
# How many days before the discussion each part of a week is posted.
DAYS_BEFORE = {"category": 6, "nominations": 6, "message": 5, "poll": 3, "winner": 1, "ratings": 0}


def opening(week: Week) -> Body:
    refs = [ref(week, "category"), ref(week, "nominations", 1)]
    return {"number": week.number, "date_discussion": week.date.isoformat(), "refs": refs}


def ref(week: Week, kind: str, nth: int = 0) -> Body:
    """Where a part of the week stands on Discord: the snowflake that Discord would have made at that moment."""
    posted = datetime.combine(week.date, time(18), UTC) - timedelta(days=DAYS_BEFORE[kind])
    milliseconds = (posted - DISCORD_EPOCH) // timedelta(milliseconds=1)
    return {"provider": "discord", "kind": kind, "id": str((milliseconds << CLOCK_SHIFT) + nth), "guild_id": GUILD}


def nominations(season: Season, week: Week) -> Iterator[Body]:
    for nth, nomination in enumerate(week.nominations):
        yield {
            "user": _user(season.members[nomination.by]),
            "album": _album(nomination),
            "pitch": nomination.pitch,
            "tags": {"genre": nomination.genre, "decade": nomination.decade, "country": nomination.country},
            "ref": ref(week, "message", nth),
        }


def _user(member: Member) -> Body:
    return {"discord_id": member.discord_id, "display_name": member.name}


def _album(nomination: Nomination) -> Body:
    return {"title": nomination.title, "artist": nomination.artist, "year": nomination.year}


def votes(season: Season, week: Week, ids: dict[str, str]) -> Iterator[Body]:
    """Two of each member; `ids` are the nominations' by title."""
    for member, choices in week.votes.items():
        for rank, title in enumerate(choices, start=1):
            yield {"user": _user(season.members[member]), "nomination_id": ids[title], "rank": rank}


def rating(season: Season, given: Rating) -> Body:
    said = given.model_dump(include={"rating", "favorite_track", "review"}, exclude_none=True)
    return {"user": _user(season.members[given.by]), **said}
