"""What the club tells of its members' doings."""

from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from contracts.listening import AlbumCompleted
from contracts.nominations import NominationChanged
from contracts.phases import Deadlines, WeekChanged
from contracts.ratings import RatingGiven
from contracts.results import Participation, PlacedAlbum, ResultComputed

BEGIN = datetime(2025, 11, 24, 12, tzinfo=UTC)
HASH = "0" * 64


class Club:
    """Events as a club announces them, each a minute after the one before."""

    def __init__(self, deliver):
        self.deliver, self.id, self.minutes = deliver, uuid7(), 0

    def now(self):
        self.minutes += 1
        return BEGIN + timedelta(minutes=self.minutes)

    async def week(self, week_id=None, version=1):
        told = WeekChanged(
            version=version,
            week_id=week_id or uuid7(),
            club_id=self.id,
            number=3,
            label="WEEK 003",
            kind="album",
            phase="open",
            date_discussion=None,
            deadlines=Deadlines(),
            winner_album_id=None,
            winner_nomination_id=None,
        )
        await self.deliver(told)
        return told.week_id

    def rating(self, week_id, user, rating=4.5, version=1, **more):
        at = self.now()
        facts = {"album_id": uuid7(), "favorite_track": None, "review": None, "visible_from": at, "given_at": at}
        named = {"week_id": week_id, "user_id": user.id, "version": version}
        return RatingGiven(rating=rating, **(facts | named | more))

    async def rate(self, *given, **more):
        await self.deliver(told := self.rating(*given, **more))
        return told

    def nomination(self, week_id, *users, version=1, nomination_id=None, **more):
        facts = {"album_id": uuid7(), "code": "A1", "pitch": None, "pitch_track_url": None, "withdrawn": False}
        tags = {"genre": None, "decade": None, "country": None}
        named = {"nomination_id": nomination_id or uuid7(), "week_id": week_id, "club_id": self.id}
        whose = {"user_ids": [user.id for user in users], "version": version, "tags": tags, "created_at": self.now()}
        return NominationChanged(**(facts | named | whose | more))

    async def nominate(self, *given, **more):
        await self.deliver(told := self.nomination(*given, **more))
        return told

    def result(self, week_id, *nominations, winner, version=1):
        items = [
            PlacedAlbum(
                position=position,
                nomination_id=each.nomination_id,
                points=0,
                first_votes=0,
                second_votes=0,
                ahead_by=None,
                album_id=each.album_id,
                user_id=each.user_ids[0],
            )
            for position, each in enumerate(nominations, start=1)
        ]
        return ResultComputed(
            version=version,
            week_id=week_id,
            items=items,
            winner=winner and winner.nomination_id,
            winner_album_id=winner and winner.album_id,
            tie=None,
            ballots=0,
            participation=Participation(voted=0, members=0),
            **dict.fromkeys(("commit", "seed", "root", "head"), HASH),
            computed_at=self.now(),
        )


@pytest.fixture
def a_club(deliver):
    return Club(deliver)


@pytest.fixture
def other_club(deliver):
    return Club(deliver)


@pytest.fixture
def completed():
    """`completed(ida)`: what listening tells of an album that she has heard whole."""

    def told(user, album_id=None, version=1, **more):
        facts = {"completed_at": BEGIN + timedelta(minutes=version), "in_order": True}
        return AlbumCompleted(version=version, user_id=user.id, album_id=album_id or uuid7(), **(facts | more))

    return told


@pytest.fixture
def done(read):
    """`await done(ida)`: what Ida did, as a stranger or somebody else reads it."""

    async def get(user, by=None):
        answer = await read(f"/users/{user.id}/activity", by)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return get


@pytest.fixture
def feed(read, me):
    async def get(user, query=""):
        answer = await read(f"/feed{query}", me(user))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get
