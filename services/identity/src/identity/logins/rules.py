"""How long one waits after failing to sign in, and what is said of it. No I/O here."""

from datetime import datetime, timedelta
from math import ceil

from chassis.errors import Conflict, Forbidden, TooMany, Unauthenticated

# After so many failures in a row each further try waits, twice as long each time.
FREE = {"pair": 5, "address": 30, "handle": 50}
FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)


class WrongPassword(Unauthenticated):
    sentence = "Handle or password is wrong."


class TooManyLogins(TooMany):
    sentence = "Signing in failed too often; please wait a while."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds


class LocalSignInOff(Forbidden):
    sentence = "Signing in with a password is switched off here."


class NoPassword(Conflict):
    sentence = "You sign in without a password, so there is none to change."


class RegistrationClosed(Forbidden):
    sentence = "New accounts are not made here by oneself."


def counted(handle: str, address: str) -> dict[str, str]:
    """What a failure is counted for, by kind: this pair; and both alone, so that neither is tried with many others."""
    return {"pair": f"pair:{handle}@{address}", "address": f"address:{address}", "handle": f"handle:{handle}"}


def wait(kind: str, failures: int, last_at: datetime, now: datetime) -> int:
    """For how many seconds one still waits after so many failures."""
    if failures < FREE[kind] or now - last_at > FORGOTTEN:
        return 0
    pause: timedelta = min(FIRST * 2 ** min(failures - FREE[kind], 20), LONGEST)
    return max(0, ceil((last_at + pause - now).total_seconds()))
