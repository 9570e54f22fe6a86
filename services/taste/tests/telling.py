"""What others tell taste, shortly."""

from datetime import date
from uuid import UUID, uuid5

from contracts.catalog import AlbumChanged, Tagging
from contracts.identity import UserChanged
from contracts.listening import ListeningDayChanged, PlayedTrack
from contracts.ratings import RatingGiven

IDA, BEN, CLEO = (UUID(f"019ab6e1-{each}111-7111-8111-111111111111") for each in (1, 2, 3))
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
