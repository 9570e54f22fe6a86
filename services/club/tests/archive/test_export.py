"""Exports: whose they are, what they hold, and that they are never whole in memory."""

import json
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from chassis.streaming import Stream
from club.archive.spreadsheets import spreadsheets
from club.archive.tables import COPIES, PARTS, TABLES
from club.archive.whole import AT_ONCE, whole_club
from club.models import DEFAULT_CLUB

CROWD = 1_700


@pytest.fixture
async def crowd(stage):
    """A roster of many."""
    async with stage.db.transaction() as tx:
        numbers = f"generate_series(1, {CROWD}) AS number"
        made = f"""INSERT INTO members (id, version, display_name)
                   SELECT gen_random_uuid(), 1, 'Member ' || number FROM {numbers} RETURNING id"""
        line = f"WITH made AS ({made}) INSERT INTO roster SELECT '{DEFAULT_CLUB}', id, 'member' FROM made"
        await tx.execute(text(line))
        await tx.execute(text("UPDATE clubs SET has_roster = true"))


@pytest.mark.parametrize("kind", ["user", "bot", "worker"])
@pytest.mark.parametrize("path", ["/club/export", "/clubs/main/export", "/club/export?format=csv"])
async def test_only_admins_export_for_it_holds_the_secrets_of_polls(export, sign, refusal, kind, path):
    assert refusal(await export(path, by=sign(kind))) == (403, "admins_only")


async def test_who_is_not_signed_in_is_told_so(export, sign, refusal):
    assert refusal(await export(by=sign("anonymous"))) == (401, "unauthenticated")


async def test_there_is_no_other_format_and_no_club_that_is_not_there(export, refusal):
    assert refusal(await export("/club/export?format=xml")) == (422, "invalid")
    assert refusal(await export("/clubs/nowhere/export")) == (404, "no_such_club")


def test_every_table_travels_but_what_others_own_and_what_follows_from_the_rest():
    stay = {"clubs", "members", "user_aliases", "albums", "album_aliases", "rating_counts", "participants"}
    assert {*PARTS, *stay} == {*TABLES}
    assert {table.name for table in COPIES.values()} == {"members", "albums"}


async def test_addresses_and_versions_stay_behind(export, booth):
    document = json.loads((await export()).content)
    assert [*document][:5] == ["format", "schema", "club", "people", "albums"]
    assert {*document["club"]} == {"name", "guild_id", "timezone", "rules", "has_roster"}
    assert {"club_id", "version", "due_at"}.isdisjoint(document["weeks"][0])
    assert "version" not in document["people"][0]
    assert document["polls"][0]["seed"].startswith("\\x")


async def test_only_rules_that_were_decided_travel(export, rules):
    await rules(nominations_per_member=3)
    assert json.loads((await export()).content)["club"]["rules"] == {"nominations_per_member": 3}


async def test_people_and_albums_of_others_stay_out_of_it(export, booth, club_of, record, ask, sign):
    await club_of("Stranger")
    await record("Unheard")
    await ask("PUT", "/clubs/second", {"name": "Second"}, by=sign("admin"))
    await ask("POST", "/clubs/second/weeks", {"number": 1})
    document = json.loads((await export()).content)
    assert [each["display_name"] for each in document["people"]] == ["Xenia", "Yann", "Zoe"]
    assert [each["title"] for each in document["albums"]] == ["Blue", "Hejira", "Mingus"]
    assert [each["number"] for each in document["weeks"]] == [7]
    second = json.loads((await export("/clubs/second/export")).content)
    assert ([each["number"] for each in second["weeks"]], second["nominations"]) == ([1], [])


async def test_the_same_club_gives_the_same_bytes_and_nobody_keeps_them(export, booth):
    for path in ("/club/export", "/club/export?format=csv"):
        first, second = await export(path), await export(path)
        assert first.content == second.content
        assert first.headers["cache-control"] == "no-store"
        assert "attachment" in first.headers["content-disposition"]


@pytest.mark.parametrize("path", ["/club/export", "/club/export?format=csv"])
async def test_while_the_database_is_away_it_is_a_refusal_and_no_half_a_file(stage, export, refusal, path, monkeypatch):
    def away(**_):
        raise OSError

    monkeypatch.setattr(stage.db, "transaction", away)
    assert refusal(await export(path)) == (503, "unavailable")


async def test_who_leaves_in_the_middle_leaves_no_transaction_open(stage, crowd):
    ended = []

    class Watched:
        @asynccontextmanager
        async def transaction(self, **options):
            async with stage.db.transaction(**options) as tx:
                try:
                    yield tx
                finally:
                    ended.append(True)

    async def leave(message):
        if message["type"] == "http.response.body":
            raise ConnectionError

    stream = Stream(whole_club(Watched(), DEFAULT_CLUB, 1), "application/json", "club.json")
    with pytest.raises(ConnectionError):
        await stream.stream_response(leave)
    assert ended == [True]


async def test_a_document_comes_in_chunks_of_some_hundred_rows(stage, crowd):
    chunks = [chunk async for chunk in whole_club(stage.db, DEFAULT_CLUB, 1)]
    rows = [chunk.count(b'"user_id"') for chunk in chunks]
    assert sum(rows) == CROWD
    assert max(rows) == AT_ONCE
    assert len(json.loads(b"".join(chunks))["people"]) == CROWD


async def test_a_spreadsheet_is_read_in_batches_and_sent_as_it_is_written(stage, crowd, queries):
    chunks = [chunk async for chunk in spreadsheets(stage.db, DEFAULT_CLUB)]
    # At least one chunk for each batch of members: nothing waits for the last of them.
    assert len(chunks) > CROWD // AT_ONCE
