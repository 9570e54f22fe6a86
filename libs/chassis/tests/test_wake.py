"""Bells: whoever sleeps is woken by what is for them, and by the poll."""

import asyncio

from chassis.wake import Bell, Wake

LONG, SHORT = 30.0, 0.01


async def woken(bell):
    sleeping = asyncio.create_task(bell.wait())
    await asyncio.sleep(0.05)
    sleeping.cancel()
    return sleeping.done() and not sleeping.cancelled()


async def test_a_bell_hears_what_is_for_its_name_and_for_everybody_and_nothing_else():
    bell = Bell(LONG, "club.copy_album")
    bell.ring("club.copy_member")
    assert not await woken(bell)
    bell.ring("club.copy_album")
    assert await woken(bell)
    bell.ring()
    assert await woken(bell)


async def test_a_bell_without_a_name_hears_everything():
    bell = Bell(LONG)
    bell.ring("club.copy_member")
    assert await woken(bell)


async def test_what_nobody_rings_for_is_looked_at_when_the_poll_falls_due():
    assert await woken(Bell(SHORT, "club.copy_album"))


async def test_a_bell_that_does_not_poll_sleeps_until_it_is_called():
    wake = Wake("nowhere", SHORT, "delivery_club")
    bell = wake.bell_of("delivery_club", "club.copy_album")
    assert not await woken(bell)
    wake.call("delivery_club", "club.copy_member")
    assert not await woken(bell)
    wake.call("delivery_club", "club.copy_album")
    assert await woken(bell)
