"""What the club remembers: its statistics, what each member did, and the albums it has met."""

from typing import Literal

from pydantic import Field

from contracts.catalog import Album
from contracts.clubs import Role
from contracts.event import Message
from contracts.identity import Person
from contracts.ids import NominationId, WeekId
from contracts.paging import Page


class Counted(Message):
    name: str
    count: int


class WeekCounts(Message):
    """`total` is all kinds together."""

    total: int
    album: int
    special: int
    skipped: int
    with_winner: int


class WonTags(Message):
    """How often each genre, decade and country won: most wins first. A decade that nobody named is the album's."""

    genres: list[Counted]
    decades: list[Counted]
    countries: list[Counted]


class Drought(Message):
    """Weeks with a winner since the last win; of who never won, from the week of their first nomination on."""

    weeks: int
    since: Literal["win", "first_nomination"]


class Nominator(Message):
    """`win_rate` is of the nominations in weeks that have a winner; null without any."""

    user: Person
    nominations: int
    wins: int
    win_rate: float | None
    weeks_since_win: int | None = Field(description="Null for who never won; `drought` has a figure for them too.")
    drought: Drought
    first_votes: int
    points: int


class Averages(Message):
    """`given` is the mean of a member's ratings, `received` that of all ratings of what they won with."""

    given: float | None
    ratings_given: int
    received: float | None
    ratings_received: int


class MemberAverages(Averages):
    user: Person


class Attendance(Message):
    """Weeks voted and rated, of how many since the member was first seen; streaks are of weeks rated in a row."""

    voted: int
    voted_of: int
    rated: int
    rated_of: int
    current_streak: int
    longest_streak: int


class MemberAttendance(Attendance):
    user: Person


class Remembered(Message):
    """A week and its winner. `bayesian` is its average as if five ratings at the club's mean had been given besides.

    `spread` is the standard deviation of its ratings; `could_rate` how many were in the club then.
    """

    week_id: WeekId
    number: int
    label: str
    album: Album
    average: float
    bayesian: float
    spread: float
    ratings: int
    could_rate: int


class FairShare(Message):
    """`expected` is the sum of 1/n over the weeks that were won, with n nominators each; `owed` is `expected - won`.

    A win that several nominated together is parted among them.
    """

    user: Person
    weeks: int
    expected: float
    won: float
    owed: float


class ClubStats(Message):
    """Lists hold at most as many lines as were asked for."""

    weeks: WeekCounts
    nominations: int
    ballots: int
    ratings: int
    average: float | None
    winners: WonTags
    nominators: list[Nominator]
    averages: list[MemberAverages]
    attendance: list[MemberAttendance]
    most_loved: list[Remembered]
    most_divisive: list[Remembered]
    hall_of_fame: list[Remembered]
    fairness: list[FairShare]


class Nominated(Message):
    """A member's nomination; `won` is null while the week has no winner."""

    nomination_id: NominationId
    week_id: WeekId
    number: int
    label: str
    album: Album
    won: bool | None


class Verdict(Message):
    """A member's rating beside the average of all others of that week."""

    week_id: WeekId
    number: int
    label: str
    album: Album
    rating: float
    others: float


class MemberPage(Message):
    """`role` is null for who is not on the roster. Favourites are the most frequent of what they rated 4 or more."""

    user: Person
    role: Role | None
    nominated: int
    wins: int
    win_rate: float | None
    drought: Drought | None = Field(description="Null for who never nominated.")
    averages: Averages
    attendance: Attendance
    favorite_genre: Counted | None
    favorite_decade: Counted | None
    most_generous: Verdict | None
    harshest: Verdict | None
    nominations: Page[Nominated]


class FeaturedWeek(Message):
    """A week whose album it was. `won` is false where a host chose what nobody had nominated."""

    week_id: WeekId
    number: int
    label: str
    won: bool
    average: float | None
    nominator: Person | None


class KnownAlbum(Message):
    """`featured` are its weeks, newest first; the times are weeks, however many nominated it in one."""

    album: Album
    featured: list[FeaturedWeek]
    times_nominated: int
    times_won: int
