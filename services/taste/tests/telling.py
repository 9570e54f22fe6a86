"""What others tell taste, shortly."""

from datetime import date
from uuid import UUID, uuid5

from contracts.catalog import AlbumChanged, Tagging
from contracts.clubs import Belongs, RosterChanged
from contracts.identity import UserChanged
from contracts.listening import ListeningDayChanged, PlayedTrack
from contracts.nominations import NominationChanged, Tagged
from contracts.phases import Deadlines, WeekChanged
from contracts.ratings import RatingGiven
from contracts.votes import VoteCast

IDA, BEN, CLEO = (UUID(f"019ab6e1-{each}111-7111-8111-111111111111") for each in (1, 2, 3))
CLUB = UUID(int=77)
DAY, MOMENT = date(2025, 11, 18), "2025-11-24T12:00:00Z"


def named(name):
    """One id for one name."""
    return uuid5(UUID(int=0), name)


def track(artist="Joni Mitchell", album="Blue", title="River", plays=1):
    piece = {"track_id": named(title), "title": title, "artist_id": named(artist), "artist": artist}
    return PlayedTrack(**piece, album_id=album and named(album), album=album, plays=plays, ms=plays * 240_000)


def day(*tracks, user_id=IDA, on=DAY, version=1, left_out=None, hour=20):
    hours = [0] * 24
    hours[hour] = sum(each.plays for each in tracks)
    return ListeningDayChanged(
        user_id=user_id, day=on, version=version, plays=[*tracks], hours=hours, left_out=left_out
    )


def album(title="Blue", artist="Joni Mitchell", *, genres=("folk",), version=1, **more):
    said = {"year": 1971, "mbid": None, "spotify_id": None, "cover_url": None, "countries": ["CA"], **more}
    tags = [Tagging(name=name, weight=1.0, source="musicbrainz") for name in genres]
    about = {"album_id": named(title), "title": title, "artist": artist, "artists": [], "updated_at": MOMENT}
    return AlbumChanged(version=version, genres=tags, **about, **said)


def user(user_id=IDA, name="Ida", *, version=1, **more):
    said = {"handle": name.lower(), "avatar_url": None, "discord_id": None, **more}
    return UserChanged(user_id=user_id, version=version, display_name=name, **said)


def rated(title="Blue", rating=4.5, *, user_id=IDA, week=1, version=1, seen=True, withdrawn=False):
    about = {"week_id": UUID(int=week), "user_id": user_id, "album_id": named(title), "version": version}
    said = {"rating": rating, "favorite_track": None, "review": None, "withdrawn": withdrawn}
    return RatingGiven(**about, **said, visible_from=MOMENT if seen else None, given_at=MOMENT)


def week(number=1, won="Blue", *, version=1, phase="closed", club=CLUB, slug="main"):
    about = {"week_id": UUID(int=number), "club_id": club, "club_slug": slug, "number": number, "version": version}
    winner = {"winner_album_id": won and named(won), "winner_nomination_id": won and nomination_id(number, won)}
    said = {"label": f"WEEK {number:03}", "kind": "album", "phase": phase, "date_discussion": None}
    return WeekChanged(**about, **said, deadlines=Deadlines(), **winner)


def nomination_id(number, title):
    return named(f"{number} {title}")


def nominated(title="Blue", *users, number=1, version=1, withdrawn=False):
    ids = {"nomination_id": nomination_id(number, title), "week_id": UUID(int=number), "club_id": CLUB}
    said = {"album_id": named(title), "user_ids": [*users], "code": "A1", "pitch": None, "pitch_track_url": None}
    tags = Tagged(genre=None, decade=None, country=None)
    return NominationChanged(**ids, **said, tags=tags, version=version, withdrawn=withdrawn, created_at=MOMENT)


def voted(first="Blue", second=None, *, user_id=IDA, number=1, version=1):
    choices = {
        f"{place}{part}": title and told(title)
        for place, title in (("first", first), ("second", second))
        for part, told in (("", lambda each: nomination_id(number, each)), ("_album_id", named))
    }
    return VoteCast(week_id=UUID(int=number), user_id=user_id, version=version, cast_at=MOMENT, **choices)


def roster(*users, version=1, club=CLUB, slug="main"):
    members = [Belongs(user_id=user_id, role="member") for user_id in users]
    return RosterChanged(club_id=club, club_slug=slug, version=version, members=members)
