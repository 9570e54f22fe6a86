"""A club that is exported, lost, restored, and is the same club again."""

import asyncio
import json
from collections import defaultdict

import pytest

from club.archive.whole import whole_club
from club.models import DEFAULT_CLUB
from club.proof.verification import faults, faults_of_receipt
from contracts.archive import Restored
from contracts.ratings import RatingGiven
from contracts.results import Receipt, Result
from contracts.votes import VoteCast

DEADLINES = {"nominating": "2027-01-04T20:00:00Z", "voting": "2027-01-06T20:00:00Z", "rating": "2027-01-20T20:00:00Z"}
OVERRIDE = {"reason": "The record was not to be had."}
ADDRESSES = ("", "/result", "/votes/summary", "/nominations", "/ratings")


class Season:
    """Weeks in every phase; what was told of them, and the receipts of who voted in the one that is decided."""

    def __init__(self, ask, admin, booth):
        self._ask, self._admin, self.booth = ask, admin, booth
        self.weeks, self.heads = [booth.week], {}

    async def admin(self, method, path, body=None):
        answer = await self._ask(method, path, body, by=self._admin)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def week(self, number, *path, **more):
        week = await self.admin("POST", "/club/weeks", {"number": number, **more})
        self.weeks.append(here := f"/club/weeks/{week['id']}")
        for phase in path:
            await self.admin("POST", f"{here}/advance", {"to": phase})
        return here

    async def vote(self, person, first, second=None):
        told = (await self.booth.cast(person, first, second)).json()
        self.heads[told["number"]] = told["head"]

    async def rate(self, week, person, rating, **more):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating, **more}
        return await self.admin("POST", f"{week}/ratings", body)

    async def bring_in(self, number, person):
        """A week of an old thread."""
        said = {"number": number, "provenance": {"file": "week.json", "at": "2024-01-01T20:00:00Z"}}
        album = {"title": "Blue", "artist": "Joni Mitchell", "year": 1971}
        items = [{"kind": "week"}, {"kind": "winner", "album": album}]
        items += [{"kind": "rating", "user": {"discord_id": person.discord_id}, "rating": 3.5, "confidence": 0.7}]
        items = [item | said for item in items]
        await self.admin("POST", "/club/imports", {"name": "Old", "source": "sha256:1", "items": items})
        self.weeks.append(f"/club/weeks/{(await self.admin('GET', f'/club/weeks/number/{number}'))['id']}")

    async def told(self):
        """Whatever an admin can read of it."""
        paths = [f"{week}{address}" for week in self.weeks for address in ADDRESSES]
        paths += ["/clubs/main", "/club/members", "/club/bars", "/club/schedule", *self.receipts()]
        return {path: (await self._ask("GET", path, by=self._admin)).json() for path in paths}

    def receipts(self):
        return [f"{self.booth.week}/ballots/{person.user_id}/receipt" for person in self.booth.people]


@pytest.fixture
async def season(ask, sign, booth, club_of, record):
    made = Season(ask, sign("admin"), booth)
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    names = {"name": "Björk & Freunde", "timezone": "Europe/Berlin", "guild_id": "193842067721486337"}
    await made.admin(
        "PUT", "/clubs/main", names | {"rules": {"nominations_per_member": 3, "rhythm": {"time": "19:30"}}}
    )
    # The decided week: choices that were changed, one that was withdrawn, and a tie that the draw decides.
    await made.vote(ida, blue, hejira)
    await made.vote(ida, hejira, blue)
    await made.vote(ben, blue, hejira)
    await made.vote(cleo, mingus)
    await made.admin("DELETE", f"{booth.week}/nominations/{mingus}")
    await booth.close()
    # Its ratings: one with a history and a diary, one hidden, one withdrawn.
    await made.rate(booth.week, ida, 3, review="Not yet.", ref={"provider": "discord", "kind": "message", "id": "77"})
    await made.rate(booth.week, ida, 4.5, favorite_track="Coyote — “live” \\ \t")
    hidden = await made.rate(booth.week, ben, 1, review="=HYPERLINK(1)")
    await made.admin("DELETE", f"/admin/reviews/{hidden['id']}?reason=Off+topic")
    await made.rate(booth.week, cleo, 2)
    await made.admin("DELETE", f"{booth.week}/ratings/{cleo.user_id}")
    await made.admin("POST", f"{booth.week}/advance", {"to": "closed"})
    await made.rate(booth.week, ida, 5, review="Three copies by now.")
    refs = [{"provider": "discord", "kind": kind, "id": place} for kind, place in (("poll", "10"), ("message", "9"))]
    await made.week(1, phase="draft")
    await made.week(2, kind="special", label="Mixtapes: “Ø”", refs=refs)
    await made.week(3, kind="skipped")
    await made.week(4, deadlines=DEADLINES)
    running = await made.week(5, "nominating")
    aja, voodoo = [str((await record(title)).album_id) for title in ("Aja", "Voodoo")]
    # Two of them nominate one album together.
    for person, album_id in ((ida, aja), (ben, aja), (cleo, voodoo)):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": album_id}}
        nominated = await made.admin(
            "POST", f"{running}/nominations", body | {"pitch": "Because.", "tags": {"genre": "x"}}
        )
    await made.admin("POST", f"{running}/advance", {"to": "voting"})
    await made.admin("PUT", f"{running}/ballots/{ida.user_id}", {"first": nominated["id"]})
    made.running = running, nominated["id"]
    await made.week(6, "nominating", "voting", "discussing")
    rated = await made.week(20, "nominating")
    other = str((await record("Vespertine", "Björk", 2001)).album_id)
    await made.admin("POST", f"{rated}/winner", {"album": {"album_id": other}})
    await made.admin("POST", f"{rated}/advance", {"to": "rating"})
    await made.rate(rated, ben, 2.5)
    await made.bring_in(31, ida)
    # Whom the draw did not pick: only another winner is an override.
    drawn = (await booth.result())["winner"]
    instead = OVERRIDE | {"nomination_id": hejira if drawn == blue else blue}
    await made.admin("POST", f"/admin{booth.week.removeprefix('/club')}/override-winner", instead)
    (zoe,) = await club_of("Zoe")
    lines = [(ida, "host"), (ben, "member"), (zoe, "member")]
    members = [{"user": {"user_id": str(person.user_id)}, "role": role} for person, role in lines]
    await made.admin("PUT", "/club/members", {"members": members})
    await made.admin("PUT", f"/club/bars/{cleo.user_id}", {"from": ["nominate", "vote"], "reason": "Two accounts."})
    return made


@pytest.fixture
async def exported(season, export):
    answer = await export()
    assert answer.status_code == 200
    return answer.content


@pytest.fixture
async def restored(exported, empty, restore):
    await empty()
    answer = await restore(exported)
    assert answer.status_code == 200, answer.text
    return Restored.model_validate(answer.json())


def states(events):
    """The newest of each aggregate, without its version, and the version."""
    newest = defaultdict(lambda: (0, None))
    for event in events:
        body = event.model_dump(mode="json")
        named = (
            event.topic,
            *(body[name] for name in ("nomination_id", "week_id", "user_id", "club_id") if name in body),
        )
        newest[named] = max(newest[named], (body.pop("version"), json.dumps(body)))
    return newest


async def test_exported_lost_and_restored_it_is_byte_for_byte_the_same(exported, restored, export):
    assert [name for name, number in restored.rows.items() if not number] == []
    assert (await export()).content == exported


async def test_every_answer_is_the_one_that_was_given_before(season, empty, export, restore):
    before, document = await season.told(), (await export()).content
    await empty()
    assert (await restore(document)).status_code == 200
    after = await season.told()
    # When the club itself was changed last is no part of what it is.
    for told in (before, after):
        del told["/clubs/main"]["updated_at"]
        del told["/clubs/main"]["created_at"]
    assert after == before


async def test_results_are_proved_still_old_heads_fit_and_receipts_open_their_ballots(season, restored, ask, sign):
    assert restored.verified == len(restored.results)
    assert [each.number for each in restored.results] == [6, 7, 20]
    result = Result.model_validate(await season.booth.result())
    assert result.tie is not None
    assert result.void
    assert faults(result, season.heads) == []
    for path in season.receipts():
        receipt = Receipt.model_validate((await ask("GET", path, by=sign("admin"))).json())
        assert faults_of_receipt(receipt, result) == []


async def test_all_of_it_is_announced_anew_and_above_what_was_announced_before(
    season, announced, export, empty, restore
):
    before, document = states(await announced()), (await export()).content
    await empty()
    told = (await restore(document)).json()["announced"]
    after = states(await announced())
    assert {each: state for each, (_, state) in after.items()} == {each: state for each, (_, state) in before.items()}
    assert all(after[each][0] > version for each, (version, _) in before.items())
    assert sum(told.values()) == len(after)
    assert told["vote"] == 4
    assert told["nomination"] == 5


async def test_the_restored_club_goes_on(season, restored, announced, ask, club_of):
    running, nomination = season.running
    (yann,) = await club_of("Yann")
    voted = await ask("PUT", f"{running}/ballots/{yann.user_id}", {"first": nomination})
    assert (voted.status_code, voted.json()["number"]) == (200, 2)
    told = [event for event in await announced(VoteCast) if event.user_id == yann.user_id]
    assert len(told) == 1
    closed = await ask("POST", f"{running}/advance", {"to": "discussing"})
    assert closed.status_code == 200
    assert faults(Result.model_validate((await ask("GET", f"{running}/result")).json())) == []
    (ida, *_) = season.booth.people
    await ask("DELETE", f"{season.weeks[-1]}/ratings/{season.booth.people[1].user_id}")
    gone = [event for event in await announced(RatingGiven) if event.withdrawn and event.user_id != ida.user_id]
    assert gone


async def test_a_second_restore_is_refused_and_changes_nothing(exported, restored, restore, export, announced, refusal):
    events = await announced()
    for slug, code in (("main", "club_not_empty"), ("second", "already_here")):
        assert refusal(await restore(exported, slug)) == (409, code)
    assert await announced() == events
    assert (await export()).content == exported
    assert (await export("/clubs/second/export")).status_code == 404


async def test_two_restores_at_once_are_one(exported, empty, restore, export):
    await empty()
    answers = await asyncio.gather(*(restore(exported) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert (await export()).content == exported


async def test_a_restore_under_another_name_is_the_same_club(exported, empty, restore, export):
    await empty()
    answer = await restore(exported, "second")
    assert (answer.status_code, answer.json()["club"]["slug"]) == (200, "second")
    assert (await export("/clubs/second/export")).content == exported


async def test_the_whole_is_one_entry_in_the_audit(exported, empty, restore, ask, sign):
    await empty()
    answer = await restore(exported)
    asked = f"/admin/audit?request_id={answer.headers['x-request-id']}"
    (entry,) = (await ask("GET", asked, by=sign("admin"))).json()["items"]
    assert (entry["action"], entry["subject_id"]) == ("club.restored", answer.json()["club"]["id"])
    assert entry["after"]["rows"] == answer.json()["rows"]
    assert (entry["before"]["name"], entry["after"]["name"]) == ("The club", "Björk & Freunde")


async def test_ballots_that_were_tampered_with_come_back_and_are_told_of_by_week(exported, empty, restore):
    document = json.loads(exported)
    link = next(each for each in document["ballot_links"] if each["number"] == 2)
    link["leaf"] = "\\x" + "00" * 32
    await empty()
    answer = await restore(document)
    assert answer.status_code == 200, answer.text
    told = Restored.model_validate(answer.json())
    wrong = {each.number: each.faults for each in told.results if each.faults}
    assert told.verified == len(told.results) - len(wrong)
    assert [*wrong] == [7]
    assert all(sentence.endswith(".") for sentence in wrong[7])


async def test_an_export_is_of_one_moment_whatever_is_written_meanwhile(stage, season, export, ask):
    before = (await export()).content
    chunks = []

    async def reading():
        async for chunk in whole_club(stage.db, DEFAULT_CLUB, stage.app.state.schema.age):
            if not chunks:
                assert (await ask("POST", "/club/weeks", {"number": 99})).status_code == 201
            chunks.append(chunk)

    await asyncio.create_task(reading())
    assert b"".join(chunks) == before
