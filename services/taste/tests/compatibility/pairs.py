"""Two people to compare, shortly."""

from uuid import UUID

from services.taste.tests.profiles.playing import person, piece, played, traits
from services.taste.tests.telling import BEN, IDA, named

from taste.compatibility.measured import RatedByBoth
from taste.profiles.rules import profile_of

ALBUMS = (
    traits("Blue", "folk", "singer-songwriter", energy=0.2, electronic=0.05)
    | traits("Homework", "house", "techno", year=1997, energy=0.9, electronic=1.0)
    | traits("Dummy", "trip hop", year=1994, energy=0.35, electronic=0.75)
    | traits("Getz/Gilberto", "bossa nova", "folk", year=1964, energy=0.25)
)
PLACES = {"Joni": "Blue", "Daft": "Homework", "Portishead": "Dummy", "Gilberto": "Getz/Gilberto"}


def profile(user_id=IDA, **plays):
    """`profile(Joni=30, Daft=10)`: somebody who played these so often."""
    heard = [played(name, often, album=PLACES.get(name)) for name, often in plays.items()]
    pieces = [piece(f"{name}'s song", often, artist=name) for name, often in plays.items()]
    return profile_of(person(*heard, pieces=pieces, albums=ALBUMS, user_id=user_id))


def also(user_id=BEN, **plays):
    return profile(user_id, **plays)


def rated(*halves):
    """Weeks that both rated, in half steps."""
    return [
        RatedByBoth(UUID(int=week), named(f"Album {week}"), f"Album {week}", each)
        for week, each in enumerate(halves, start=1)
    ]
