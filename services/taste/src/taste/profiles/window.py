"""Which days count, and how much each of them. No I/O here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from contracts.taste import TasteWindow
from taste.profiles.evidence import Evidence, Played

HALF_LIFE, WINDOW = 180, timedelta(days=3 * 365)


def in_window(evidence: Evidence) -> Evidence:
    """The days up to the last one with a play, as far back as the window goes, and no album beside those they name.

    There is no clock in it: nobody's taste changes by their silence.
    """
    last = last_day(evidence.played)
    first = last - WINDOW if last else date.max
    played = [each for each in evidence.played if each.day > first]
    pieces = [each for each in evidence.pieces if each.day > first]
    hours = {day: counts for day, counts in evidence.hours.items() if day > first and any(counts)}
    named = {each.album_id for each in played} | {each.album_id for each in evidence.judged}
    albums = {key: traits for key, traits in evidence.albums.items() if key in named}
    return replace(evidence, played=played, pieces=pieces, hours=hours, albums=albums)


def last_day(played: Sequence[Played]) -> date | None:
    return max((each.day for each in played), default=None)


def decay(day: date, last: date) -> float:
    """One half for each half-life before the last day: exponential forgetting, as in Ding and Li (2005).

    Shares are the same whichever day is counted from, for all weights would change by one factor.
    """
    return float(0.5 ** ((last - day).days / HALF_LIFE))


def window_of(evidence: Evidence) -> TasteWindow:
    return TasteWindow(
        first_day=min((each.day for each in evidence.played), default=None),
        last_day=last_day(evidence.played),
        half_life_days=HALF_LIFE,
        plays=sum(each.plays for each in evidence.played),
    )
