"""One slow or broken service costs nobody but those who ask for it, and them not their time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.problems import TooSlow
from gateway.upstream import BrokenOff, ServiceAway

FAILURES = 5
OPEN_FOR = 5.0
AT_ONCE = 256


class Breaker:
    """After five failures in a row it is open: for five seconds nobody is sent on, then one, whose luck decides.

    Besides, only so many may wait for one service at once.
    """

    def __init__(self, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._service, self._clock = service, clock
        self._failures, self._open_until, self._waiting, self._probing = 0, 0.0, 0, False

    @property
    def open(self) -> bool:
        return self._failures >= FAILURES

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Raises ServiceAway at once for whom it does not let through."""
        probe = self._let_in()
        self._waiting += 1
        try:
            yield
        except (ServiceAway, TooSlow, BrokenOff):
            self._failures += 1
            if self.open:
                self._open_until = self._clock() + OPEN_FOR
            raise
        else:
            self._failures = 0
        finally:
            self._waiting -= 1
            if probe:
                self._probing = False

    def _let_in(self) -> bool:
        """Whether this one tries how the service is."""
        if self._waiting >= AT_ONCE:
            raise self._away()
        if not self.open:
            return False
        if self._probing or self._clock() < self._open_until:
            raise self._away()
        self._probing = True
        return True

    def _away(self) -> ServiceAway:
        away = ServiceAway(self._service)
        away.retry_after = max(1, round(self._open_until - self._clock()))
        return away
