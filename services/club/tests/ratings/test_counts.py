"""How many ratings there are of each half step, which PostgreSQL keeps as ratings change."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random

from sqlalchemy import delete, func, select, text, update

from club.models import Rating, RatingCount

PATH = Path(__file__).parents[2] / "migrations" / "versions" / "0010_counts.py"


async def kept(tx):
    rows = await tx.execute(
        select(RatingCount.week_id, RatingCount.album_id, RatingCount.half_steps, RatingCount.ratings).where(
            RatingCount.ratings > 0
        )
    )
    return {tuple(row) for row in rows}


async def counted(tx):
    of = (Rating.week_id, Rating.album_id, Rating.half_steps)
    return {
        tuple(row)
        for row in await tx.execute(select(*of, func.count()).where(Rating.withdrawn_at.is_(None)).group_by(*of))
    }


async def test_given_changed_withdrawn_and_given_again_a_rating_is_counted_as_it_stands(
    stage, ask, club_of, week, rate
):
    ida, ben = await club_of("Ida", "Ben")
    summaries = []
    for person, rating in ((ida, 4), (ben, 4), (ida, 5)):
        await rate(week, person, rating)
        summaries.append((await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["average"])
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    summaries.append((await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["average"])
    await rate(week, ida, 3)
    summaries.append((await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["average"])
    assert summaries == [4, 4, 4.5, 4, 3.5]
    async with stage.db.transaction() as tx:
        assert await kept(tx) == await counted(tx)


async def test_whatever_becomes_of_ratings_the_counts_are_what_counting_gives(
    stage, club_of, week, another_week, record
):
    random, people = Random(7), await club_of(*(f"Member {each}" for each in range(6)))
    weeks, albums = [week, await another_week(4)], [(await record(title)).album_id for title in ("Hejira", "Mingus")]
    async with stage.db.transaction() as tx:
        for _ in range(80):
            whose = (Rating.week_id == random.choice(weeks), Rating.user_id == random.choice(people).user_id)
            there = (await tx.scalars(select(Rating.id).where(*whose))).one_or_none()
            album, half_steps = random.choice(albums), random.randint(2, 10)
            if there is None:
                identity = {"week_id": whose[0].right.value, "user_id": whose[1].right.value}
                tx.add(Rating(**identity, album_id=album, half_steps=half_steps, version=1))
                await tx.flush()
            elif random.random() < 0.2:
                await tx.execute(delete(Rating).where(Rating.id == there))
            else:
                withdrawn = func.now() if random.random() < 0.3 else None
                changed = {"album_id": album, "half_steps": half_steps, "withdrawn_at": withdrawn}
                await tx.execute(update(Rating).where(Rating.id == there).values(changed))
            assert await kept(tx) == await counted(tx)


async def test_ratings_from_before_are_counted_when_counting_begins(stage, club_of, week, rate):
    spec = spec_from_file_location("rating_counts", PATH)
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    for each, person in enumerate(await club_of("Ida", "Ben", "Cleo")):
        await rate(week, person, 4 + each // 2)
    async with stage.db.transaction() as tx:
        before = await kept(tx)
        await tx.execute(delete(RatingCount))
        await tx.execute(text(migration.AS_THEY_ARE))
        assert await kept(tx) == before
    assert len(before) == 2
