"""What there was to go by at the end of a day in the past. No I/O here."""

from dataclasses import replace
from datetime import UTC, date

from chassis.errors import Forbidden, Invalid
from taste.profiles.evidence import Evidence


class DayInFuture(Invalid):
    sentence = "This day has not come yet."


class PastOfOthers(Invalid):
    sentence = "Of the past there is only what we compute ourselves: ask for `origin` or for `as_of`, not for both."


class PastPrivate(Forbidden):
    sentence = "Day by day, their past taste would tell when they listened, which this person does not show you."


def check_come(day: date, today: date) -> None:
    if day > today:
        raise DayInFuture


def until(evidence: Evidence, day: date) -> Evidence:
    """Plays are of days on the listener's own clock, ratings were given by the end of the day in UTC."""
    return replace(
        evidence,
        played=[each for each in evidence.played if each.day <= day],
        pieces=[each for each in evidence.pieces if each.day <= day],
        hours={each: counts for each, counts in evidence.hours.items() if each <= day},
        judged=[each for each in evidence.judged if each.given_at.astimezone(UTC).date() <= day],
    )
