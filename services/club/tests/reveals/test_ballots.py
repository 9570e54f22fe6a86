"""What is announced of ballots before and after the close."""

import pytest
from sqlalchemy import delete, select

from club.ballots import reveal
from club.models import Vote
from club.reveals.schedule import reveal_due
from contracts.votes import VoteCast


@pytest.fixture
async def cast(booth):
    """Ida: Blue, then Hejira and Blue. Ben: Mingus."""
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    await booth.cast(ida, hejira, blue)
    await booth.cast(ben, mingus)


@pytest.fixture
def revealed(stage, announced):
    """What is announced when what is due is revealed, by voter."""

    async def run():
        before = len(await announced(VoteCast))
        await reveal_due(stage.db)
        return {told.user_id: told for told in (await announced(VoteCast))[before:]}

    return run


@pytest.fixture
def reannounced(stage):
    async def state():
        announcer = stage.app.state.announcers["vote"]
        async with stage.db.transaction() as tx:
            ballots = (await tx.scalars(select(announcer.root).order_by(announcer.root.id))).all()
            return await announcer.state(tx, ballots)

    return state


def chosen(told):
    return str(told.first), told.second and str(told.second)


@pytest.mark.usefixtures("cast")
async def test_while_the_poll_is_open_nothing_is_revealed(revealed, reannounced):
    assert await revealed() == {}
    assert {(told.secret, told.first, told.second) for told in await reannounced()} == {(True, None, None)}


@pytest.mark.usefixtures("cast")
async def test_the_close_itself_announces_no_ballot(booth, announced):
    before = await announced(VoteCast)
    await booth.close()
    assert await announced(VoteCast) == before


@pytest.mark.usefixtures("cast")
async def test_after_the_close_each_ballot_is_announced_once_more_and_newer_with_its_choices(
    booth, revealed, announced, reannounced
):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    before = {told.user_id: told for told in await announced(VoteCast)}
    await booth.close()
    told = await revealed()
    assert {user: chosen(each) for user, each in told.items()} == {
        ida.user_id: (hejira, blue),
        ben.user_id: (mingus, None),
    }
    albums = {item["nomination_id"]: item["album"]["id"] for item in (await booth.result())["items"]}
    assert str(told[ida.user_id].first_album_id) == albums[hejira]
    assert str(told[ida.user_id].second_album_id) == albums[blue]
    assert told[ben.user_id].second_album_id is None
    for user, each in told.items():
        assert not each.secret
        assert each.version > before[user].version
        assert each.cast_at == before[user].cast_at
    assert await revealed() == {}
    assert await reannounced() == list(told.values())


@pytest.mark.usefixtures("cast")
async def test_where_only_counts_are_shown_no_ballot_is_ever_announced_with_its_choices(
    booth, rules, revealed, reannounced
):
    await rules(poll_visibility="counts_only")
    await booth.close()
    assert await revealed() == {}
    assert {(told.secret, told.first) for told in await reannounced()} == {(True, None)}


@pytest.mark.usefixtures("cast")
async def test_a_club_that_decides_to_show_ballots_has_them_revealed_and_one_that_ceases_is_silent_again(
    booth, rules, revealed, reannounced
):
    await rules(poll_visibility="counts_only")
    await booth.close()
    await rules(poll_visibility="public_after_close")
    assert len(await revealed()) == 2
    await rules(poll_visibility="counts_only")
    assert {(told.secret, told.first, told.first_album_id) for told in await reannounced()} == {(True, None, None)}


@pytest.mark.usefixtures("cast")
async def test_ballots_are_revealed_in_batches_to_the_last(booth, revealed, monkeypatch):
    monkeypatch.setattr(reveal, "BATCH", 1)
    await booth.close()
    assert len(await revealed()) == 2


@pytest.mark.usefixtures("cast")
async def test_what_was_withdrawn_is_revealed_as_it_was_cast(booth, ask, revealed):
    ida, (_, hejira, _) = booth.people[0], booth.nominations
    await ask("DELETE", f"{booth.week}/nominations/{hejira}")
    await booth.close()
    assert str((await revealed())[ida.user_id].first) == hejira


@pytest.mark.usefixtures("cast")
async def test_a_revealed_ballot_is_what_the_chain_holds(stage, booth, revealed):
    ida, (blue, hejira, _) = booth.people[0], booth.nominations
    await booth.close()
    async with stage.db.transaction() as tx:
        await tx.execute(delete(Vote))
    assert chosen((await revealed())[ida.user_id]) == (hejira, blue)
