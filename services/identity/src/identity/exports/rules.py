"""When an export may be asked for, and how far one is. No I/O here."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from chassis.errors import Conflict, NotFound, TooMany
from contracts.exports import ExportState

# Identity itself answers as it is asked; the others hear of it.
SERVICES = ("identity", "club", "listening", "taste")
LASTS, EVERY = timedelta(hours=24), timedelta(hours=1)


class NoExport(NotFound):
    sentence = "You have asked for no export lately."


class ExportNotReady(Conflict):
    sentence = "Your export is not gathered yet."


class ExportTooSoon(TooMany):
    sentence = "You have just been given an export; please wait an hour for the next."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds


def state(requested_at: datetime, ready_at: datetime | None, now: datetime) -> ExportState:
    if ready_at is not None:
        return "ready"
    return "gathering" if now < requested_at + LASTS else "failed"


def check_not_too_soon(requested_at: datetime, now: datetime) -> None:
    """Whether another may be gathered so soon after one that is ready."""
    left = requested_at + EVERY - now
    if left > timedelta(0):
        raise ExportTooSoon(max(1, int(left.total_seconds())))


def gathered(numbers: Mapping[str, Collection[int]], last: Mapping[str, int]) -> set[str]:
    """The services that have told everything: their last part, and each before it."""
    return {service for service, end in last.items() if len(numbers[service]) == end + 1}
