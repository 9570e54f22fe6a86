"""When whose account is asked, and what of a failure is waited out. No I/O here."""

from datetime import datetime, timedelta
from typing import get_args

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, NotFound, TooMany, Unauthenticated
from contracts.accounts import LinkStatus
from contracts.ids import UserId
from contracts.syncing import SyncProvider, SyncStop

PROVIDERS: tuple[SyncProvider, ...] = get_args(SyncProvider)
STOPS = frozenset(get_args(SyncStop))
# What only a new authorisation mends.
RELINK = frozenset({"needs_relink", "missing_scope"})
SCOPE = "user-read-recently-played"

LEASE = timedelta(minutes=5)
# How long after their newest listen somebody is asked for how often.
OFTEN = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=1)),
)
SELDOM = timedelta(hours=6)
# Spotify remembers the last 50 plays only: asked more seldom, it would forget some.
AT_LEAST: dict[str, timedelta] = {"spotify": timedelta(minutes=45)}
LADDER = (60, 300, 900, 3600, 21_600)
# What is as it was is told no more often.
TOLD_EVERY = timedelta(minutes=10)
ASKED_EVERY = timedelta(minutes=5)


class Stop(Exception):
    """Nothing can be fetched from this account until its owner does something about it."""

    def __init__(self, why: SyncStop) -> None:
        super().__init__(why)
        self.why: SyncStop = why


class WrongAnswer(Exception):
    """The provider answered with something that is of no use: about somebody else, or no answer at all."""


class Refused(Exception):
    """The provider does not take who we are: whoever's account it is."""


class LeaseLost(Conflict):
    sentence = "This task is somebody else's by now, or nobody's."


class MayNotSync(Forbidden):
    sentence = "Your key does not allow fetching what members listened to."


class OnlyOnesOwnSync(Forbidden):
    sentence = "Only members ask for this, each for themselves: sign in as yourself."


class NothingLinked(NotFound):
    sentence = "Link an account at Last.fm, ListenBrainz or Spotify first."


class TooManySyncs(TooMany):
    sentence = "What you listened to was fetched only just now; please wait a little."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds


def syncer(caller: Caller) -> UserId:
    """Raises Unauthenticated, or OnlyOnesOwnSync for a program, as a key is that only hands in listens."""
    if caller.user_id is not None and not caller.only_listens:
        return caller.user_id
    raise Unauthenticated if caller.kind == "anonymous" else OnlyOnesOwnSync


def stop_of(provider: str, status: LinkStatus, scopes: list[str]) -> SyncStop | None:
    """Why nothing can be fetched with such a link."""
    if status == "needs_relink":
        return "needs_relink"
    return "missing_scope" if provider == "spotify" and SCOPE not in scopes else None


def pause_after(provider: str, newest_at: datetime | None, now: datetime) -> timedelta:
    """How long after a fetch the next one is due: the less, the later they last listened."""
    since = now - newest_at if newest_at else timedelta.max
    usual = next((pause for within, pause in OFTEN if since <= within), SELDOM)
    return min(usual, AT_LEAST.get(provider, SELDOM))


def back_off(attempts: int) -> timedelta:
    """After so many failures in a row."""
    return timedelta(seconds=LADDER[min(attempts, len(LADDER)) - 1])


def seconds_to_wait(asked_at: datetime | None, now: datetime) -> int:
    """Until they may ask again; 0: now."""
    left = asked_at + ASKED_EVERY - now if asked_at else timedelta(0)
    return max(0, -(-left // timedelta(seconds=1)))


def worth_telling(told_at: datetime | None, told_error: str | None, error: str | None, now: datetime) -> bool:
    return told_at is None or told_error != error or now - told_at >= TOLD_EVERY
