"""What Last.fm tells otherwise later: sightings, plays and sums follow."""

import pytest
from sqlalchemy import select

from listening.locks import be_alone_with
from listening.models import Day, DayTrack, Hour, MessyTrack, MonthItem, Play, Sighting, UserItem
from listening.plays.rebuilding import rebuild


@pytest.fixture
def days(stage, wren):
    async def read():
        async with stage.db.transaction() as tx:
            rows = await tx.scalars(select(Day).where(Day.user_id == wren.user_id, Day.plays > 0))
            return [(row.plays, row.ms) for row in rows]

    return read


@pytest.fixture
def plays(stage, wren):
    """By title, and by how many saw each."""

    async def read():
        told = select(MessyTrack.title, Play.sightings).join(MessyTrack, MessyTrack.id == Play.messy_id)
        async with stage.db.transaction() as tx:
            return sorted(map(tuple, await tx.execute(told.where(Play.user_id == wren.user_id))))

    return read


async def test_a_corrected_listen_is_one_play_with_its_new_name(link, work, scrobbles, clock, plays, days):
    await link("lastfm")
    scrobbles.add(int(clock().timestamp()) - 600, "Blu")
    scrobbles.add(int(clock().timestamp()) - 300, "Carey")
    await work()
    scrobbles.edit(int(clock().timestamp()) - 600, "Blu", "Blue")
    clock.pass_(minutes=5)
    await work()
    assert await plays() == [("Blue", 1), ("Carey", 1)]
    assert await days() == [(2, 0)]


async def test_what_another_source_saw_too_stays_a_play_of_that_one(
    link, work, scrobbles, clock, plays, days, tell, listen
):
    await link("lastfm")
    at = int(clock().timestamp()) - 600
    scrobbles.add(at, "Blue")
    await work()
    await tell(listen("Blue", source="navidrome") | {"listened_at": at + 2, "duration_ms": 180_000})
    assert await plays() == [("Blue", 2)]
    scrobbles.edit(at, "Blue", "Something Else Entirely")
    clock.pass_(minutes=5)
    await work()
    assert await plays() == [("Blue", 1), ("Something Else Entirely", 1)]
    assert await days() == [(2, 180_000)]


async def test_what_was_deleted_here_stays_so(stage, link, work, scrobbles, clock, kept):
    await link("lastfm")
    scrobbles.add(int(clock().timestamp()) - 600, "Blue")
    await work()
    async with stage.db.transaction() as tx:
        (await tx.scalars(select(Sighting))).one().hidden = True
    clock.pass_(days=2)
    await work()
    assert [each[2] for each in (await kept())[0]] == ["lastfm"]


async def test_of_two_at_one_moment_on_two_pages_both_stay(link, work, scrobbles, clock, kept, monkeypatch):
    monkeypatch.setattr("listening.sync.lastfm.PAGE", 3)
    await link("lastfm")
    at = int(clock().timestamp()) - 3000
    for number in range(12):
        scrobbles.add(at + 200 * (number // 2), f"Song {number}")
    for _ in range(3):
        await work()
        clock.pass_(hours=7)
    assert len((await kept())[0]) == 12
    scrobbles.edit(at + 400, "Song 5", "Song 5, corrected")
    scrobbles.edit(at + 600, "Song 6", "Song 6, corrected")
    await work()
    clock.pass_(hours=30)
    await work()
    assert len((await kept())[0]) == 12


async def test_after_corrections_all_is_as_if_it_were_counted_anew(
    stage, wren, link, work, scrobbles, clock, tell, listen
):
    await link("lastfm")
    at = int(clock().timestamp()) - 9000
    for number in range(30):
        scrobbles.add(at + 300 * (number // 2), f"Song {number}")
    await work()
    seen = [
        listen(f"Song {number}", source="navidrome") | {"listened_at": at + 300 * (number // 2) + 3}
        for number in range(20)
    ]
    await tell(*seen)
    for number in range(0, 30, 3):
        scrobbles.edit(at + 300 * (number // 2), f"Song {number}", f"Song {number + 1 if number % 2 else 0}")
    clock.pass_(minutes=30)
    await work()
    before = await counted(stage, wren)
    async with stage.db.transaction() as tx:
        await be_alone_with(tx, [wren.user_id])
        await rebuild(tx, wren.user_id)
    assert await counted(stage, wren) == before


async def counted(stage, wren):
    """All that is counted of somebody; a day of nothing counts for nothing."""
    async with stage.db.transaction() as tx:
        told = []
        for table in (Play, Day, Hour, DayTrack, MonthItem, UserItem):
            columns = [
                each for each in table.__table__.c if each.name not in {"version", "told", "id"} or table is Play
            ]
            rows = await tx.execute(select(*columns).where(table.user_id == wren.user_id))
            told.append(sorted(str(row) for row in rows if getattr(row, "plays", 1)))
        return told
