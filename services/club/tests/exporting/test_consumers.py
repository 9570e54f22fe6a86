"""What the club tells somebody of themself."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from chassis.exporting import in_parts
from club.models import Nominator
from contracts.exports import ClubExportGathered, ExportRequested
from contracts.leaving import UserDeleted


@pytest.fixture
def told(deliver, announced):
    """`await told(ida)`: by section, what the club tells of Ida."""

    async def ask(person, *aliases):
        asked = {"export_id": uuid4(), "user_id": person.user_id, "aliases": [each.user_id for each in aliases]}
        await deliver(ExportRequested(version=7, **asked))
        parts = [each for each in await announced(ClubExportGathered) if each.export_id == asked["export_id"]]
        assert [each.number for each in parts] == [*range(len(parts))]
        assert [each.last for each in parts] == [False] * (len(parts) - 1) + [True] * bool(parts)
        whole = {}
        for part in parts:
            for name, items in part.sections.items():
                whole[name] = whole.get(name, []) + items
        return whole

    return ask


@pytest.fixture
async def busy(booth, ask, record, sign):
    """Ida did everything there is to do, Ben something beside her."""
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    album = {"album": {"album_id": str((await record("Court and Spark")).album_id)}}
    message = {"ref": {"kind": "message", "id": "1442300000000000001"}, "tags": {"genre": "folk"}}

    async def send(method, path, body, by=None):
        answer = await ask(method, path, body, by)
        assert answer.is_success, answer.text

    def of(person):
        return {"user": {"user_id": str(person.user_id)}}

    for person, pitch in ((ida, "Ida's words."), (ben, "Ben's words.")):
        await send("POST", f"{booth.week}/nominations", of(person) | album | {"pitch": pitch} | message)
    await booth.cast(ben, mingus)
    await booth.cast(ida, hejira)
    await booth.cast(ida, blue, hejira)
    await booth.cast(cleo, blue)
    bar = {"reason": "Ida spoke out of turn.", "from": ["nominate"]}
    await send("PUT", f"/club/bars/{ida.user_id}", bar, sign("admin"))
    await send("PUT", "/club/members", {"members": [of(ida) | {"role": "host"}, of(ben)]})
    return ida, ben, of, send


async def test_an_open_poll_is_told_to_its_voter_and_nobody_elses_ballot(busy, told, booth):
    ida, ben, *_ = busy
    blue, _, mingus = booth.nominations
    (ballot,) = (await told(ida))["ballots"]
    assert (ballot["first"]["nomination_id"], ballot["second"]["title"], ballot["number"]) == (blue, "Hejira", 3)
    (other,) = (await told(ben))["ballots"]
    assert (other["first"]["nomination_id"], other["second"]) == (mingus, None)


async def test_everything_that_is_their_own_is_told_and_nothing_of_others(busy, told, booth, ask):
    ida, ben, of, send = busy
    await booth.close()
    for rating, review in ((2, "First."), (4.5, "Then.")):
        await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": rating, "review": review})
    await send("POST", f"{booth.week}/ratings", of(ben) | {"rating": 3, "review": "Ben's review."})
    await send("POST", f"{booth.week}/advance", {"to": "closed"})
    await send("POST", f"{booth.week}/ratings", of(ida) | {"rating": 5, "review": "Later."})
    whole = await told(ida)
    assert [(each["club"], each["role"]) for each in whole["memberships"]] == [("main", "host")]
    assert [(each["from"], each["reason"]) for each in whole["bars"]] == [(["nominate"], "Ida spoke out of turn.")]
    (nominated,) = whole["nominations"]
    assert (nominated["pitch"], nominated["leads"], nominated["genre"]) == ("Ida's words.", True, "folk")
    assert (nominated["week"], nominated["ref"]["id"]) == (7, "1442300000000000001")
    (rating,) = whole["ratings"]
    assert (rating["rating"], rating["review"], rating["album"]["title"]) == (4.5, "Then.", "Blue")
    assert [(each["rating"], each["review"]) for each in whole["rating_history"]] == [(2, "First."), (4.5, "Then.")]
    assert [(each["rating"], each["review"]) for each in whole["diary"]] == [(5, "Later.")]
    assert [each["first"]["title"] for each in whole["ballots"]] == ["Blue"]
    assert (whole["profile"][0]["display_name"], whole["overrides"]) == ("Ida", [])
    spelt = str(whole)
    assert not [word for word in (str(ben.user_id), ben.discord_id, "Ben", "salt") if word in spelt]
    (beside,) = (await told(ben))["nominations"]
    assert (beside["pitch"], beside["leads"], beside["genre"]) == ("Ben's words.", False, None)


async def test_somebody_nothing_is_known_of_is_told_so(told, club_of):
    (zoe,) = await club_of("Zoe")
    whole = await told(zoe)
    assert [len(each) for each in whole.values()] == [1, *[0] * (len(whole) - 1)]


async def test_a_great_deal_is_told_in_parts(busy, told, monkeypatch, stage):
    ida, *_ = busy
    monkeypatch.setattr("chassis.exporting.LONGEST", 100)
    async with stage.db.transaction() as tx:
        await tx.execute(update(Nominator).values(pitch="x" * 4_000))
    whole = await told(ida)
    assert [len(whole[name]) for name in ("nominations", "ballots")] == [1, 1]
    assert len(list(in_parts(whole))) > 3


async def test_nothing_is_told_of_somebody_who_has_left(busy, told, deliver):
    ida, ben, *_ = busy
    about = {"aliases": [], "former_id": uuid4(), "version": 9, "deleted_at": "2025-11-24T12:00:00Z"}
    await deliver(UserDeleted(user_id=ida.user_id, **about))
    assert await told(ida) == {}
    assert await told(ben, ida) == {}
