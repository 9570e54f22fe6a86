"""Members who leave a club in which they did everything."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.testing import mentions
from club.models import ClubTable
from contracts.ids import UserId
from contracts.leaving import UserDeleted

SAID = {"ref": {"kind": "message", "id": "1442300000000000007"}, "review": "All of Joni.", "favorite_track": "River"}


@pytest.fixture
def leave(deliver):
    """`await leave(ida, eda)`: identity tells that Ida left, who was Eda, too; as whom what stays is kept."""

    async def tell(person, *aliases, former=None):
        former = former or UserId(uuid4())
        others = [each.user_id for each in aliases]
        told = {"version": 9_000, "deleted_at": "2025-11-25T12:00:00Z", "former_id": former}
        await deliver(UserDeleted.model_validate(told | {"user_id": person.user_id, "aliases": others}))
        return former

    return tell


@pytest.fixture
def named(stage):
    """`await named(ida)`: which tables still tell of Ida, or of anything else."""

    async def read(*whom):
        people = [each for each in whom if not isinstance(each, str)]
        words = [str(each.user_id) for each in people] + [each for each in whom if isinstance(each, str)]
        words += [word for each in people for word in (each.discord_id, each.handle, each.avatar_url)]
        async with stage.db.transaction() as tx:
            return {table for table, _ in await mentions(tx, *words)}

    return read


@pytest.fixture
def everything(stage):
    """`await everything()`: every row there is."""

    async def read():
        async with stage.db.transaction() as tx:
            names = ["outbox", "audit", "departures", *ClubTable.metadata.tables]
            return {
                name: sorted(await tx.scalars(text(f"SELECT to_jsonb(t)::text FROM {name} AS t"))) for name in names
            }

    return read


@pytest.fixture
async def season(booth, ask, record, sign, rules):
    """A week whose poll is open, and one that is closed: Ida did everything there is to do, the others something.

    `ida`, `ben`, `cleo`; `open` and `closed` are the addresses of the weeks, `blue` an album's id.
    """
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    admin = sign("admin")

    async def send(method, path, body=None, by=None):
        answer = await ask(method, path, body, by)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def of(person):
        return {"user": {"user_id": str(person.user_id)}}

    album = {"album": {"album_id": str((await record("Court and Spark")).album_id)}}
    court = await send("POST", f"{booth.week}/nominations", of(ida) | album | {"pitch": "All of Joni."} | ref(1))
    await send("POST", f"{booth.week}/nominations", of(ben) | album | {"pitch": "Ben's own words."} | ref(2))
    for person, choices in ((ida, (blue, hejira)), (ben, (mingus, None)), (cleo, (court["id"], blue))):
        assert (await booth.cast(person, *choices)).status_code == 200
    await booth.close()
    await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": 2} | SAID)
    await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": 4.5, "review": "More of Joni."})
    await send("POST", f"{booth.week}/ratings", of(ben) | {"rating": 3})
    override = {"nomination_id": court["id"], "reason": f"Miscounted, says {ida.user_id}."}
    as_ida = sign("user", str(ida.user_id), scopes=["admin"])
    await send("POST", f"/admin{booth.week.removeprefix('/club')}/override-winner", override, as_ida)
    await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": 4, "review": "Court, by Joni."})
    await send("POST", f"{booth.week}/ratings", of(cleo) | {"rating": 5})
    await send("POST", f"{booth.week}/advance", {"to": "closed"})
    await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": 5, "review": "Later, of Joni."})

    later = f"/club/weeks/{(await send('POST', '/club/weeks', {'number': 8}))['id']}"
    put_up = {"album": {"album_id": str((await record("Clouds")).album_id)}}
    clouds = await send("POST", f"{later}/nominations", of(cleo) | put_up)
    for person in (ida, ben):
        await send("PUT", f"{later}/ballots/{person.user_id}", {"first": clouds["id"]})
    await send("PATCH", later, {"winner_album_id": put_up["album"]["album_id"]})
    for person, rating, review in ((ida, 1, "Not my Joni."), (ben, 3, "Fine.")):
        await send("POST", f"{later}/ratings", of(person) | {"rating": rating, "review": review})
    bar = {"reason": "Ida voted twice.", "from": ["nominate"]}
    await send("PUT", f"/club/bars/{ida.user_id}", bar, admin)
    roster = [of(ida) | {"role": "host"}, of(ben), of(cleo)]
    await send("PUT", "/club/members", {"members": roster})
    return SimpleNamespace(ida=ida, ben=ben, cleo=cleo, closed=booth.week, open=later, send=send, court=court["id"])


def ref(nth):
    return {"ref": {"kind": "message", "id": str(1442300000000000000 + nth)}}
