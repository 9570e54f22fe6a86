"""Members beside each other. Those who are level stand by name, then by id."""

from collections.abc import Iterable, Mapping
from typing import Any

from club.memory.rules import ledger, share
from club.memory.season import Season
from club.ratings.statistics import rounded
from contracts.identity import Person
from contracts.ids import UserId
from contracts.memory import FairShare, MemberAttendance, MemberAverages, Nominator

People = Mapping[UserId, Person]


def by_name(user: Person) -> tuple[str, str]:
    return user.display_name.casefold(), str(user.id)


def nominators(season: Season, people: People) -> list[Nominator]:
    """Most wins first, then by the greater part of their nominations."""
    lines = [
        Nominator(
            user=people[user_id],
            nominations=history.nominations,
            wins=len(history.wins),
            win_rate=share(len(history.wins), history.decided),
            weeks_since_win=drought.weeks if drought.since == "win" else None,
            drought=drought,
            first_votes=history.first_votes,
            points=history.points,
        )
        for user_id, history in season.members.items()
        if (drought := season.drought(history))
    ]
    return sorted(lines, key=lambda line: (-line.wins, -(line.win_rate or 0), *by_name(line.user)))


def averages(season: Season, people: People) -> list[MemberAverages]:
    """Of who gave or received a rating; who gave most comes first."""
    lines = [
        MemberAverages(user=people[user_id], **season.averages(history).model_dump())
        for user_id, history in season.members.items()
    ]
    told = [line for line in lines if line.ratings_given or line.ratings_received]
    return sorted(told, key=lambda line: (-line.ratings_given, -line.ratings_received, *by_name(line.user)))


def attendance(season: Season, people: People) -> list[MemberAttendance]:
    """Who rated most weeks comes first, then who voted in most."""
    lines = [
        MemberAttendance(user=people[user_id], **season.attendance(history).model_dump())
        for user_id, history in season.members.items()
    ]
    told = [line for line in lines if line.rated_of or line.voted_of]
    return sorted(told, key=lambda line: (-line.rated, -line.voted, *by_name(line.user)))


def fairness(season: Season, fields: Iterable[tuple[UserId, int, int]], people: People) -> list[FairShare]:
    """Who is most owed comes first."""
    wins = {user_id: history.wins for user_id, history in season.members.items()}

    def place(line: tuple[UserId, Any]) -> Any:
        return -line[1].owed, *by_name(people[line[0]])

    return [
        FairShare(
            user=people[user_id],
            weeks=owes.weeks,
            expected=rounded(owes.expected),
            won=rounded(owes.won),
            owed=rounded(owes.owed),
        )
        for user_id, owes in sorted(ledger(fields, wins).items(), key=place)
    ]
