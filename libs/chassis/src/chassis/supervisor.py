"""Runs a service's loops. An outage is waited out and named, a bug ends the loop and is named: never silence."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias, TypeVar

import asyncpg
import structlog
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()

T = TypeVar("T")
Loop: TypeAlias = Callable[[Callable[[], None]], Awaitable[None]]

OUTAGES = (
    OSError,
    TimeoutError,
    AMQPError,
    ChannelInvalidStateError,  # a RuntimeError, though it says that the connection is gone
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)


class Misfit(Exception):
    """The world is not as this release needs it. It is looked at again and again, and is not ready meanwhile."""


FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class Supervisor:
    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._outages: dict[str, str] = {}
        self._notices: dict[str, str] = {}
        self._misfits: dict[str, str] = {}

    def start(self, name: str, loop: Loop) -> None:
        self._outages[name] = "has not come up yet"
        self._tasks[name] = asyncio.create_task(self._keep_up(name, loop), name=name)

    def notice(self, name: str, sentence: str) -> None:
        """Something a maintainer must mend; it stays until the process restarts."""
        log.error("notice", about=name, sentence=sentence)
        self._notices[name] = sentence

    @property
    def warnings(self) -> dict[str, str]:
        return self._notices | self._outages

    @property
    def failures(self) -> dict[str, str]:
        died = {name: "its loop has died" for name, task in self._tasks.items() if task.done()}
        return died | self._misfits

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _keep_up(self, name: str, loop: Loop) -> None:
        pause = FIRST_PAUSE

        def up() -> None:
            nonlocal pause
            pause = FIRST_PAUSE
            self._outages.pop(name, None)
            self._misfits.pop(name, None)

        while True:
            try:
                await loop(up)
            except Misfit as error:
                log.error("misfit", loop=name, sentence=str(error))
                self._misfits[name] = str(error)
            except asyncio.CancelledError as error:
                if stopping():
                    raise
                # The broker's client cancels what waited on a lost connection: nobody asked this loop to end.
                self._outages[name] = "connection lost"
                log.warning("waiting_out", loop=name, error=repr(error), pause=pause)
            except OUTAGES as error:
                log.warning("waiting_out", loop=name, error=repr(error), pause=pause)
                self._outages[name] = type(error).__name__
            except Exception:
                log.exception("loop_died", loop=name)
                raise
            if stopping():
                # The broker's client turns a stop that arrives while it connects into a lost connection.
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def stopping() -> bool:
    """Whether somebody asked the running task to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def finish(work: Awaitable[T]) -> T:
    """Let what has begun end before a stop takes effect."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise
