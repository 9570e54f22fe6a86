"""Work that something else may end."""

import asyncio

import pytest

from gateway.patience import Interruptible, Patience, TooSilent, patience_with
from gateway.upstream import ClientLeft


@pytest.mark.parametrize(
    ("path", "usual", "seconds"),
    [
        ("/club/weeks", 15, 15),
        ("/club/export", 15, 600),
        ("/clubs/main/export", 15, 600),
        ("/clubs/main/restore/", 15, 600),
        ("/clubs/main/restore", 900, 900),
        ("/club/restore", 15, 15),
    ],
)
def test_a_whole_club_is_waited_for_longer(path, usual, seconds):
    assert patience_with(path, usual) == seconds


async def test_silence_ends_the_work_and_says_why():
    with pytest.raises(TooSilent), Patience(0.01):
        await asyncio.sleep(10)


async def test_a_service_that_keeps_talking_may_take_its_time():
    patience = Patience(0.1)
    with patience:
        for _ in range(5):
            await asyncio.sleep(0.04)
            patience.wait_for_service()


async def test_nobody_is_impatient_while_it_is_the_clients_turn():
    turns = []

    async def work(patience):
        patience.wait_for_client()
        await asyncio.sleep(0.1)
        turns.append("the service's")
        patience.wait_for_service()
        await asyncio.sleep(10)

    patience = Patience(0.02)
    with pytest.raises(TooSilent), patience:
        await work(patience)
    assert turns == ["the service's"]


async def test_the_first_reason_counts_and_leaves_the_task_as_it_was():
    work = Interruptible()
    work.interrupt(ClientLeft)
    work.interrupt(TooSilent)
    with pytest.raises(ClientLeft), work:
        await asyncio.sleep(10)
    assert asyncio.current_task().cancelling() == 0
    await asyncio.sleep(0)


async def test_a_cancel_from_outside_stays_a_cancel():
    async def work():
        with Patience(10):
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancel_from_outside_outlasts_an_interruption():
    async def work():
        patience = Interruptible()
        with patience:
            asyncio.get_running_loop().call_soon(patience.interrupt, ClientLeft)
            asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    with pytest.raises(asyncio.CancelledError):
        await task
