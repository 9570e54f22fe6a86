"""The weeks that are asked about, what each member did in them, and what follows for one member."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from club.memory import rules
from club.memory.acclaim import Ratings
from club.models import Album, Week
from club.ratings.statistics import average
from contracts import memory
from contracts.ids import UserId


@dataclass(frozen=True)
class SeasonWeek:
    """`asked` is whether it is one of those asked about; `over`, whether its poll is."""

    week: Week
    winner: Album | None
    genre: str | None
    decade: str | None
    country: str | None
    asked: bool
    over: bool
    nominations: int
    ballots: int
    ratings: Ratings

    @property
    def released(self) -> str | None:
        """In which decade, as the nomination has it, or else the album."""
        return rules.decade_of(self.decade, self.winner.year if self.winner else None)


@dataclass
class History:
    """What a member did in the weeks asked about, by their numbers; `seen`: in the first and the last of all weeks."""

    nominations: int = 0
    decided: int = 0
    first_nomination: int = 0
    wins: Collection[int] = ()
    points: int = 0
    first_votes: int = 0
    voted: Collection[int] = ()
    rated: Collection[int] = ()
    half_steps: int = 0
    shown: bool = True
    seen: tuple[int, int] | None = None

    def unrated(self) -> "History":
        """The same for whoever may not see how the member rates, nor whether."""
        return replace(self, rated=(), half_steps=0, shown=False)

    def saw(self, first: int, last: int) -> None:
        before = self.seen or (first, last)
        self.seen = (min(before[0], first), max(before[1], last))


@dataclass(frozen=True)
class Season:
    """`seen` are all weeks that the reader may see, by rising number."""

    seen: Sequence[SeasonWeek]
    members: Mapping[UserId, History]

    @cached_property
    def weeks(self) -> list[SeasonWeek]:
        return [each for each in self.seen if each.asked]

    @cached_property
    def by_number(self) -> dict[int, SeasonWeek]:
        return {each.week.number: each for each in self.weeks}

    @cached_property
    def decided(self) -> list[int]:
        return [each.week.number for each in self.weeks if each.winner]

    @cached_property
    def polls(self) -> list[tuple[int, bool]]:
        """Weeks with a poll that is over. Before, who has voted is nobody's business."""
        return [(each.week.number, False) for each in self.weeks if each.over and each.ballots]

    @cached_property
    def rated(self) -> list[tuple[int, bool]]:
        """Weeks with ratings that can be seen, and whether one is still in time to rate them."""
        newest = max((each.week.number for each in self.seen if each.winner), default=0)
        return [
            (number, rules.still_rated(each.week.phase, newest=number == newest))
            for number, each in self.by_number.items()
            if each.ratings.count
        ]

    def told_to(self, shown: Collection[UserId]) -> "Season":
        """The same for whoever sees how these rate, and of the others not even whether."""
        members = {user_id: each if user_id in shown else each.unrated() for user_id, each in self.members.items()}
        return Season(self.seen, members)

    def drought(self, history: History) -> memory.Drought | None:
        if not history.nominations:
            return None
        return memory.Drought(**rules.drought(self.decided, history.wins, history.first_nomination)._asdict())

    def averages(self, history: History) -> memory.Averages:
        received = [self.by_number[number].ratings for number in history.wins if number in self.by_number]
        count = sum(ratings.count for ratings in received)
        return memory.Averages(
            given=average(history.half_steps, len(history.rated)),
            ratings_given=len(history.rated),
            received=average(sum(ratings.half_steps for ratings in received), count),
            ratings_received=count,
        )

    def attendance(self, history: History) -> memory.Attendance:
        since = history.seen[0] if history.seen else 0
        voted = rules.attended(self.polls, history.voted, since)
        rated = rules.attended(self.rated if history.shown else [], history.rated, since)
        return memory.Attendance(
            voted=voted.done,
            voted_of=voted.of,
            rated=rated.done,
            rated_of=rated.of,
            current_streak=rated.current,
            longest_streak=rated.longest,
        )
