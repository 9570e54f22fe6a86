"""Which artist an id means, as the catalogue tells it in any order."""

from itertools import permutations
from uuid import UUID

from sqlalchemy import delete, select

from contracts.ids import ArtistId
from contracts.merging import ArtistMerged
from listening.meaning import every_id
from listening.models import ArtistAlias

OLD, JONI, ROBERTA = (ArtistId(UUID(str(each) * 32)) for each in (1, 2, 3))
# Merged, taken apart, and merged into another one.
STATES = [
    ArtistMerged(version=each, artist_id=OLD, survivor_id=into) for each, into in ((1, JONI), (2, None), (3, ROBERTA))
]


async def test_states_in_any_order_and_twice_end_in_the_newest(deliver, stage):
    for order in permutations(STATES):
        for each in (*order, order[0]):
            await deliver(each)
        async with stage.db.transaction() as tx:
            assert (await tx.scalars(select(ArtistAlias.survivor_id))).all() == [ROBERTA]
            await tx.execute(delete(ArtistAlias))


async def test_every_id_of_an_artist_is_found_by_any_of_them(deliver, stage):
    await deliver(STATES[0])
    async with stage.db.transaction() as tx:
        assert [await every_id(tx, ArtistAlias, each) for each in (OLD, JONI, ROBERTA)] == [
            [JONI, OLD],
            [JONI, OLD],
            [ROBERTA],
        ]
    await deliver(STATES[1])
    async with stage.db.transaction() as tx:
        assert [await every_id(tx, ArtistAlias, each) for each in (OLD, JONI)] == [[OLD], [JONI]]
