"""What two people listened to, once they are one."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from uuid_utils.compat import uuid7

from chassis.testing import mentions
from contracts.listening import AlbumCompleted

BEGIN = datetime(2025, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def done(read):
    async def get(user):
        items = (await read(f"/users/{user.id}/activity")).json()["items"]
        return [(each["album_id"], each["user"]["id"], each["at"][11:16]) for each in items]

    return get


def completed(user, album_id, version):
    at = BEGIN + timedelta(minutes=version)
    return AlbumCompleted(version=version, user_id=user.id, album_id=album_id, completed_at=at, in_order=True)


@pytest.mark.parametrize("order", [*permutations(range(4))])
async def test_albums_that_either_heard_are_the_survivor_s_whatever_is_told_first(
    person, merge, deliver, done, stage, order
):
    old, wren = await person("Old"), await person("Wren")
    blue, hejira = uuid7(), uuid7()
    steps = [completed(old, blue, 1), completed(wren, blue, 2), completed(old, hejira, 3), None]
    for place in order:
        if steps[place] is None:
            assert (await merge(str(old.id), str(wren.id))).is_success
        else:
            await deliver(steps[place])
    assert await done(wren) == [(str(hejira), str(wren.id), "12:03"), (str(blue), str(wren.id), "12:02")]
    async with stage.db.transaction() as tx:
        assert ("activities", str(old.id)) not in await mentions(tx, str(old.id))


async def test_of_one_that_both_heard_what_was_told_last_stays_also_where_that_was_the_old_one_s(
    person, merge, deliver, done
):
    for first in (False, True):
        old, wren, blue = await person("Old"), await person("Wren"), uuid7()
        if first:
            await merge(str(old.id), str(wren.id))
        await deliver(completed(old, blue, 2))
        await deliver(completed(wren, blue, 1))
        if not first:
            await merge(str(old.id), str(wren.id))
        assert await done(wren) == [(str(blue), str(wren.id), "12:02")]
