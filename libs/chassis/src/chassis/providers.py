"""How a provider outside fails, and for how long it is then left alone. No I/O here."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from chassis.errors import Unavailable

USUAL_COOLDOWN, LONGEST_COOLDOWN = 60, 7 * 86_400


class ProviderAway(Unavailable):
    sentence = "The other service gave no answer that could be used; please try again soon."


class ProviderBusy(Unavailable):
    sentence = "The other service asks us to wait before we ask it again."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds


def cooldown(retry_after: str | None, now: datetime) -> int:
    """For how many seconds a provider that said 429 is left alone; what it says may be seconds, a date, or nonsense."""
    seconds = _seconds(retry_after or "", now)
    return min(max(math.ceil(seconds), 1), LONGEST_COOLDOWN) if seconds is not None else USUAL_COOLDOWN


def _seconds(said: str, now: datetime) -> float | None:
    said = said.strip()
    if said.isascii() and said.isdigit():
        # Past so many digits it is the longest anyway, and Python would not read it at all.
        return float(said[:12])
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
