"""Which album an id means, as the catalogue tells it in any order."""

from itertools import permutations
from uuid import UUID

from sqlalchemy import delete, select

from contracts.ids import AlbumId
from contracts.merging import AlbumMerged
from taste.models import AlbumAlias

OLD, BLUE, HEJIRA = (AlbumId(UUID(str(each) * 32)) for each in (1, 2, 3))
# Merged, taken apart, and merged into another one.
STATES = [
    AlbumMerged(version=each, album_id=OLD, survivor_id=into) for each, into in ((1, BLUE), (2, None), (3, HEJIRA))
]


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
