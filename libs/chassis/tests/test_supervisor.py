"""What becomes of loops that are told to stop."""

import asyncio

from chassis.supervisor import Supervisor


async def test_a_loop_ends_although_its_client_turned_the_stop_into_a_lost_connection():
    async def connect(_):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionError from None

    supervisor = Supervisor()
    supervisor.start("relay", connect)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await supervisor.stop()
    assert set(supervisor.failures) == {"relay"}
