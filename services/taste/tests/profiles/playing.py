"""People who listen, shortly."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.taste.tests.telling import IDA, named

from taste.profiles.evidence import Evidence, Judgement, Played, PlayedPiece, Traits
from taste.profiles.sounding import sounds

LAST = date(2025, 11, 18)


def played(artist, plays=20, *, ago=0, album=None):
    day = LAST - timedelta(days=ago)
    return Played(day, named(artist), artist, album and named(album), album, plays)


def piece(title, plays=20, *, artist="Somebody", ago=0):
    return PlayedPiece(LAST - timedelta(days=ago), named(title), title, artist, plays)


def traits(title, *genres, year=1971, countries=("CA",), energy=None, electronic=None, parents=None):
    mood = {"energy": energy, "valence": 0.5, "electronic": electronic or 0.0, "density": 0.5, "coverage": 1.0}
    heard = sounds(None, mood if energy is not None else None)
    return {named(title): Traits(title, "Somebody", year, countries, dict.fromkeys(genres, 1.0), parents or {}, heard)}


def judged(title, half_steps, week=1):
    return Judgement(UUID(int=week), named(title), half_steps, datetime(2025, 11, 24, tzinfo=UTC))


def person(*plays, pieces=(), albums=None, judgements=(), user_id=IDA, hours=None):
    return Evidence(user_id, "UTC", [*plays], [*pieces], hours or {}, albums or {}, [*judgements])
