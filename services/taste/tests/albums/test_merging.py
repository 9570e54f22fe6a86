"""Which album an id means, as the catalogue tells it in any order."""

from itertools import permutations

from sqlalchemy import delete, select
from tests.merges import HEJIRA, OLD, STATES

from taste.models import AlbumAlias


async def test_states_in_any_order_and_twice_end_in_the_newest(deliver, stage):
    for order in permutations(STATES):
        for each in (*order, order[0]):
            await deliver(each)
        async with stage.db.transaction() as tx:
            assert (await tx.scalars(select(AlbumAlias.survivor_id))).all() == [HEJIRA]
            await tx.execute(delete(AlbumAlias))


async def test_an_album_that_was_taken_apart_means_itself(deliver, stage):
    for each in STATES[:2]:
        await deliver(each)
    async with stage.db.transaction() as tx:
        assert (await tx.scalars(select(AlbumAlias.survivor_id))).all() == [OLD]
