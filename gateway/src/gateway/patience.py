"""Work that something else may end: because a service was silent too long, or because the client has left."""

import asyncio
from types import TracebackType

from gateway.addresses import ByAddress

# A whole club is sorted before it is sent, and written before it is answered.
LONGER = ByAddress({"/club/export": 600, "/clubs/{slug}/export": 600, "/clubs/{slug}/restore": 600})


def patience_with(path: str, usual: float) -> float:
    """For how many seconds a service may be silent."""
    return max(LONGER.find(path) or 0, usual)


class Interruptible:
    """Turns the cancel it gives its own task into the exception that says why."""

    def __init__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only a task can be interrupted.")
        self._task, self._cancels_before = task, task.cancelling()
        self._reason: type[Exception] | None = None

    def interrupt(self, reason: type[Exception]) -> None:
        if self._reason is None:
            self._reason = reason
            self._task.cancel()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reason is None:
            return
        # As asyncio.timeout does: a cancel from outside that came as well goes on.
        cancels = self._task.uncancel()
        if isinstance(error, asyncio.CancelledError) and cancels <= self._cancels_before:
            raise self._reason from error


class TooSilent(Exception):
    """The service has said nothing for as long as we wait."""


class Patience(Interruptible):
    """Times the silence of the service; while it is the client's turn, nobody is impatient.

    One timer a request, which looks at the clock when it rings: winding it anew with every message costs more.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds, self._loop = seconds, asyncio.get_running_loop()
        self._clients_turn = False
        self._heard = self._loop.time()
        self._timer = self._loop.call_later(seconds, self._look)

    def wait_for_client(self) -> None:
        self._clients_turn = True

    def wait_for_service(self) -> None:
        self._clients_turn = False
        self._heard = self._loop.time()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        super().__exit__(kind, error, trace)

    def _look(self) -> None:
        now = self._loop.time()
        left = self._seconds if self._clients_turn else self._heard + self._seconds - now
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self.interrupt(TooSilent)
