"""The audit: every write of a bot, a host or an admin, readable by admins alone, and for ever."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import ProgrammingError

from chassis.audit import Audited
from club.reveals.schedule import reveal_due
from contracts.audit import AuditEntry, CatalogAuditRecorded, IdentityAuditRecorded, TasteAuditRecorded

ENTRY = AuditEntry.model_validate(
    {
        "id": "019ab6f5-5555-7555-8555-555555555555",
        "at": "2025-11-24T12:00:00Z",
        "service": "identity",
        "actor_kind": "bot",
        "actor_id": "k3y1d000",
        "action": "user.changed",
        "subject_id": "019ab6e1-1111-7111-8111-111111111111",
        "club_id": None,
        "before": {"display_name": "Wren"},
        "after": {"display_name": "Wren B."},
        "reason": None,
        "request_id": "r-1",
    }
)


@pytest.fixture
def audit(ask, sign):
    async def read(**asked):
        answer = await ask("GET", f"/admin/audit?{'&'.join(f'{k}={v}' for k, v in asked.items())}", by=sign("admin"))
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return read


async def test_a_change_tells_who_what_before_after_and_in_which_request(ask, audit, sign):
    week = (await ask("POST", "/club/weeks", {"number": 3, "label": "Three"})).json()
    headers = sign() | {"X-Request-ID": "r-77"}
    await ask("PATCH", f"/club/weeks/{week['id']}", {"label": "WEEK 003: Blue"}, by=headers)
    changed, made = await audit(subject_id=week["id"])
    assert (changed["action"], changed["actor_kind"], changed["request_id"]) == ("week.changed", "bot", "r-77")
    assert (changed["before"], changed["after"]) == ({"label": "Three"}, {"label": "WEEK 003: Blue"})
    assert (made["action"], made["before"], made["after"]["number"]) == ("week.made", None, 3)
    assert made["club_id"] == week["club_id"]


async def test_a_repeat_is_no_entry(ask, audit):
    for _ in range(3):
        week = (await ask("POST", "/club/weeks", {"number": 3, "label": "Three"})).json()
    assert [each["action"] for each in await audit(subject_id=week["id"])] == ["week.made"]


async def test_a_whole_week_leaves_an_entry_for_each_write(booth, ask, audit, sign):
    (ida, *_), blue = booth.people, booth.nominations[0]
    await booth.cast(ida, blue)
    await booth.close()
    await ask("POST", f"{booth.week}/ratings", {"user": {"user_id": str(ida.user_id)}, "rating": 4})
    await ask("PUT", "/clubs/main", {"timezone": "Europe/Berlin"}, by=sign("admin"))
    await ask("PUT", "/club/members", {"members": [{"user": {"user_id": str(ida.user_id)}, "role": "host"}]})
    actions = [each["action"] for each in await audit(limit=100)]
    kinds = {"week.made", "ballot.cast", "result.computed", "week.changed", "rating.given", "club.changed"}
    assert {*actions} >= kinds | {"roster.changed"}


async def test_why_a_week_was_moved_back_is_kept(booth, ask, audit, sign):
    await booth.close()
    await ask("POST", f"{booth.week}/advance", {"to": "rating"})
    back = {"to": "discussing", "reason": "Nobody had heard it yet."}
    assert (await ask("POST", f"{booth.week}/advance", back, by=sign("admin", "keeper"))).status_code == 200
    assert (await ask("POST", f"{booth.week}/advance", back, by=sign("admin", "keeper"))).status_code == 200
    moved, before = (await audit(action="week.changed"))[:2]
    assert (moved["actor_id"], moved["reason"]) == ("keeper", "Nobody had heard it yet.")
    assert (moved["before"], moved["after"]) == ({"phase": "rating"}, {"phase": "discussing"})
    assert (before["after"], before["reason"]) == ({"phase": "rating"}, None)


async def test_who_overrode_a_winner_and_why_is_kept_once(booth, ask, audit, sign):
    blue, hejira, _ = booth.nominations
    await booth.cast(booth.people[0], blue)
    await booth.close()
    path = f"/admin/weeks/{booth.week.rpartition('/')[2]}/override-winner"
    for _ in range(2):
        override = {"nomination_id": hejira, "reason": "The poll was brigaded."}
        assert (await ask("POST", path, override, by=sign("admin", "keeper"))).status_code == 200
    (entry,) = await audit(action="winner.overridden")
    assert (entry["actor_id"], entry["reason"]) == ("keeper", "The poll was brigaded.")
    assert entry["after"]["nomination_id"] == hejira
    changed = (await audit(action="week.changed"))[0]
    assert (changed["before"]["winner_nomination_id"], changed["after"]["winner_nomination_id"]) == (blue, hejira)


async def test_that_ballots_were_revealed_is_kept_and_names_no_choice(stage, booth, audit):
    for person in booth.people:
        await booth.cast(person, booth.nominations[0])
    await booth.close()
    await reveal_due(stage.db)
    (entry,) = await audit(action="ballots.revealed")
    assert (entry["actor_kind"], entry["after"]) == ("service", {"ballots": 3})


async def test_of_a_ballot_the_audit_keeps_the_seal_and_neither_voter_nor_choice(booth, audit):
    ida, blue = booth.people[0], booth.nominations[0]
    cast = (await booth.cast(ida, blue)).json()
    (entry,) = await audit(action="ballot.cast")
    assert entry["after"] == {"number": cast["number"], "head": cast["head"]}
    assert str(ida.user_id) not in str(entry)
    assert blue not in str(entry)


async def test_entries_are_found_by_what_they_say(ask, audit):
    for number in (3, 4):
        await ask("POST", "/club/weeks", {"number": number})
    assert len(await audit(action="week")) == 2
    assert len(await audit(action="week.changed")) == 0
    assert len(await audit(actor_kind="bot", service="club")) == 2
    assert len(await audit(**{"from": "2100-01-01T00:00:00Z"})) == 0
    assert len(await audit(to="2100-01-01T00:00:00Z")) == 2
    first = await audit(limit=1)
    assert first[0]["after"]["number"] == 4


@pytest.mark.parametrize("kind", ["bot", "user", "worker", "anonymous"])
async def test_only_admins_read_it(ask, sign, refusal, kind):
    code = (401, "unauthenticated") if kind == "anonymous" else (403, "admins_only")
    assert refusal(await ask("GET", "/admin/audit", by=sign(kind))) == code


@pytest.mark.parametrize(
    "asked", ["from=2025-11-24T20:00:00", "from=yesterday", "action=a%20b", "club_id=main", "limit=0", "cursor=x"]
)
async def test_what_cannot_be_looked_for_is_refused(ask, sign, refusal, asked):
    assert refusal(await ask("GET", f"/admin/audit?{asked}", by=sign("admin")))[0] == 422


@pytest.mark.parametrize("event", [IdentityAuditRecorded, CatalogAuditRecorded, TasteAuditRecorded])
async def test_what_others_did_is_kept_once_and_as_they_told_it(deliver, audit, event):
    for _ in range(2):
        await deliver(event(version=1, entry=ENTRY))
    (kept,) = await audit()
    assert AuditEntry.model_validate(kept) == ENTRY


@pytest.mark.parametrize(
    "statement", [update(Audited).values(reason="none"), delete(Audited)], ids=["change", "delete"]
)
async def test_the_service_can_neither_change_nor_delete_an_entry(ask, stage, statement):
    await ask("POST", "/club/weeks", {"number": 3})
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stage.db.transaction() as tx:
            await tx.execute(statement)
