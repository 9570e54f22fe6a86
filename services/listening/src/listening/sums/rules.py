"""Which days nobody can have listened to. No I/O here."""

from collections.abc import Mapping
from datetime import date, timedelta

from contracts.listening import LeftOut

# More than that in a day, or in eight, was played to nobody: what counts is theirs alone.
MOST_PLAYS = 650
MOST_MS, WINDOW = 144 * 3_600_000, 8
A_DAY = timedelta(days=1)
AROUND = (WINDOW - 1) * A_DAY


def left_out(day: date, plays: Mapping[date, int], ms: Mapping[date, int]) -> LeftOut | None:
    """Why the day counts in nobody's statistics but its listener's; of the days around it, `AROUND` both ways."""
    if plays.get(day, 0) > MOST_PLAYS:
        return "too_many_plays"
    heard = [ms.get(day + offset * A_DAY, 0) for offset in range(1 - WINDOW, WINDOW)]
    stretches = (sum(heard[first : first + WINDOW]) for first in range(WINDOW))
    return "too_many_hours" if max(stretches) > MOST_MS else None
