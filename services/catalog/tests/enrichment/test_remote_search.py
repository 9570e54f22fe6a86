"""Searching what is not here yet: sources are asked, and nothing is kept of what nobody chose."""

import pytest
from sqlalchemy import func, select
from tests.fakes.faults import Reply

from catalog.models import CachedAnswer, CatalogTable, SourceSlot
from catalog.search import api, remote
from chassis.outbox import Outgoing

KNOWN = {"q": "Joni Mitchell - Blue", "remote": "true"}


@pytest.fixture
def asked(monkeypatch, told, bot, sign):
    """`await asked(**query)`: the answer of a search, the fakes being the sources."""
    monkeypatch.setattr(api, "SourceSettings", lambda: told(providers="on"))

    async def search(kind="bot", **query):
        return await bot.get("/music/search", params=query, headers=sign(kind))

    return search


async def kept(db):
    """How many rows of whatever somebody might see, or hear of."""
    # What sources answered, and when they may be asked again, is for asking them less.
    beside = {CachedAnswer.__table__, SourceSlot.__table__}
    tables = [table for table in CatalogTable.metadata.sorted_tables if table not in beside]
    async with db.transaction() as tx:
        counted = [await tx.scalar(select(func.count()).select_from(table)) for table in (*tables, Outgoing)]
    return sum(counted)


async def test_both_sources_tell_and_nothing_is_made(asked, db):
    answer = (await asked(**KNOWN)).json()
    assert answer["items"] == []
    told = {(each["source"], each["title"], each["artist"]) for each in answer["remote"]}
    assert {("musicbrainz", "Blue", "Joni Mitchell"), ("spotify", "Blue", "Joni Mitchell")} <= told
    assert answer["away"] == []
    assert await kept(db) == 0


async def test_what_is_chosen_is_here_then_and_found_here(asked, bot):
    (group,) = [each for each in (await asked(**KNOWN)).json()["remote"] if each["source"] == "musicbrainz"][:1]
    body = {name: group[name] for name in ("title", "artist", "year", "mbid") if group[name]}
    (await bot.post("/music/albums", json=body)).raise_for_status()
    answer = (await asked(**KNOWN)).json()
    assert [each["mbid"] for each in answer["items"]] == [group["mbid"]]
    assert group["mbid"] not in [each["mbid"] for each in answer["remote"]]


async def test_unasked_nobody_is_asked(asked, musicbrainz, spotify):
    answer = (await asked(q="Blue")).json()
    assert (answer["remote"], answer["away"]) == (None, None)
    assert musicbrainz.calls == spotify.calls == []


async def test_a_source_that_is_slow_or_broken_is_away_and_the_other_is_heard(asked, musicbrainz, monkeypatch):
    musicbrainz.everywhere = Reply(500, b"oops")
    answer = (await asked(**KNOWN)).json()
    assert answer["away"] == ["musicbrainz"]
    assert {each["source"] for each in answer["remote"]} == {"spotify"}
    monkeypatch.setattr(remote, "PATIENCE", 0.0)
    answer = (await asked(**KNOWN)).json()
    assert (answer["away"], answer["remote"]) == (["musicbrainz", "spotify"], [])


@pytest.mark.parametrize(("kind", "more", "status"), [("anonymous", {}, 401), ("bot", {"type": "artist"}, 422)])
async def test_it_is_for_who_is_signed_in_and_for_albums(asked, kind, more, status):
    assert (await asked(kind, **KNOWN | more)).status_code == status
