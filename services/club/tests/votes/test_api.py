"""Voting over HTTP, and how the poll stands."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from club.models import Nominator
from club.nominations.store import put_up
from contracts.votes import VoteCast


def held(answer):
    assert answer.status_code == 200
    return answer.json()["first"], answer.json()["second"]


async def test_a_vote_answers_with_the_whole_ballot_and_announces_it(poll, albums, announced):
    ida, _ = poll.people
    blue, hejira, _ = albums
    assert held(await poll.vote(blue, 1)) == (blue, None)
    answer = await poll.vote(hejira, 2)
    assert held(answer) == (blue, hejira)
    assert answer.json()["user"]["id"] == str(ida.user_id)
    first, second = await announced(VoteCast)
    assert first.secret
    assert second.secret
    assert second.version > first.version
    assert (second.week_id, second.user_id) == (poll.week, ida.user_id)
    assert answer.json()["cast_at"] == second.model_dump(mode="json")["cast_at"]


async def test_what_is_announced_says_nothing_of_the_choices(poll, albums, announced):
    for rank, chosen in ((1, albums[0]), (2, albums[1]), (1, albums[2])):
        await poll.vote(chosen, rank)
    for told in await announced(VoteCast):
        assert told.secret
        assert {told.first, told.first_album_id, told.second, told.second_album_id} == {None}


async def test_the_same_vote_again_changes_and_announces_nothing(poll, albums, announced):
    first = await poll.vote(albums[0], 1)
    again = await poll.vote(albums[0], 1)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await announced(VoteCast)) == 1


async def test_a_vote_that_comes_again_with_its_key_is_one_and_another_with_that_key_a_conflict(
    poll, albums, ask, sign, announced, refusal
):
    user, headers = {"user_id": str(poll.people[0].user_id)}, sign() | {"Idempotency-Key": "interaction-1442"}
    body = {"user": user, "nomination_id": albums[0], "rank": 1}
    first, again = [await ask("POST", f"/club/weeks/{poll.week}/votes", body, headers) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    other = await ask("POST", f"/club/weeks/{poll.week}/votes", body | {"nomination_id": albums[1]}, headers)
    assert refusal(other) == (409, "idempotency_key_reused")
    assert [each["points"] for each in (await poll.summary())["items"]] == [2, 0, 0]
    assert len(await announced(VoteCast)) == 1


@pytest.mark.parametrize("order", [((1, 2), (0, 1)), ((0, 1), (1, 2))], ids=["second first", "first first"])
async def test_choices_given_in_either_order_make_one_ballot(poll, albums, order):
    for chosen, rank in order:
        answer = await poll.vote(albums[chosen], rank)
    assert held(answer) == (albums[0], albums[1])


@pytest.mark.parametrize("order", [((1, 1), (0, 2)), ((0, 2), (1, 1))], ids=["upwards", "downwards"])
async def test_two_choices_are_swapped_by_calls_in_either_order(poll, albums, announced, order):
    await poll.vote(albums[0], 1)
    await poll.vote(albums[1], 2)
    for chosen, rank in order:
        answer = await poll.vote(albums[chosen], rank)
    assert held(answer) == (albums[1], albums[0])
    assert len(await announced(VoteCast)) == 3


async def test_a_lone_choice_moves_to_the_other_rank(poll, albums):
    await poll.vote(albums[0], 1)
    assert held(await poll.vote(albums[0], 2)) == (None, albums[0])
    summary = await poll.summary()
    assert (summary["ballots"], summary["items"][0]["points"]) == (1, 1)


async def test_a_choice_that_is_replaced_loses_its_vote(poll, albums):
    await poll.vote(albums[0], 1)
    assert held(await poll.vote(albums[1], 1)) == (albums[1], None)
    assert [each["points"] for each in (await poll.summary())["items"]] == [2, 0, 0]


async def test_a_vote_may_name_the_album_and_means_its_oldest_nomination(stage, poll, record, refusal):
    blue = await record("Blue")
    ida, ben = poll.people
    first = await poll.put_up(blue, ida)
    # As two stood side by side before members could share one.
    async with stage.db.transaction() as tx:
        made = await put_up(tx, poll.week, ben.user_id, blue.album_id)
        tx.add(Nominator(nomination_id=made.id, user_id=ben.user_id))
        second = str(made.id)
    for album in ({"album_id": str(blue.album_id)}, {"title": "blue", "artist": "JONI MITCHELL"}):
        assert held(await poll.vote(None, 1, ben, album=album)) == (first, None)
    await poll.withdraw(first)
    assert held(await poll.vote(None, 1, ben, album=album)) == (second, None)
    await poll.withdraw(second)
    assert refusal(await poll.vote(None, 2, ben, album=album)) == (409, "nomination_withdrawn")


async def test_an_album_that_nobody_nominated_cannot_be_chosen_and_asks_no_neighbour(
    stage, poll, albums, record, refusal
):
    known = await record("Turbulent Indigo", year=1994)
    for album in (
        {"album_id": str(known.album_id)},
        {"title": "Nobody Knows", "artist": "Me"},
        {"album_id": str(uuid4())},
    ):
        assert refusal(await poll.vote(None, 1, album=album)) == (404, "not_nominated")
    assert [neighbour.asked for neighbour in stage.app.state.neighbours.values()] == [[], []]
    assert await poll.is_untouched()


async def test_of_two_albums_of_one_name_the_one_nominated_here_is_meant(poll, record):
    await record("Weezer", "Weezer", 1994)
    green = await record("Weezer", "Weezer", 2001)
    nomination = await poll.put_up(green)
    answer = await poll.vote(None, 1, album={"title": "Weezer", "artist": "Weezer"})
    assert held(answer) == (nomination, None)


async def test_what_is_withdrawn_or_of_another_week_cannot_be_chosen(poll, albums, ask, a_week, refusal):
    await poll.withdraw(albums[0])
    assert refusal(await poll.vote(albums[0], 1)) == (409, "nomination_withdrawn")
    assert refusal(await poll.vote(str(uuid4()), 1)) == (404, "not_nominated")
    body = {"user": {"user_id": str(poll.people[0].user_id)}, "nomination_id": albums[1], "rank": 1}
    other = await ask("POST", f"/club/weeks/{await a_week(4)}/votes", body)
    assert refusal(other) == (404, "not_nominated")
    nowhere = await ask("POST", f"/club/weeks/{uuid4()}/votes", body)
    assert refusal(nowhere) == (404, "no_such_week")
    assert await poll.is_untouched()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rank": 3},
        {"rank": True},
        {"rank": None},
        {"album": {"title": "Blue", "artist": "Joni Mitchell"}},
        {"nomination_id": "seven"},
        {"weight": 2},
    ],
)
async def test_what_is_no_vote_is_refused_with_a_problem(poll, albums, ask, wrong, refusal):
    user = {"user_id": str(poll.people[0].user_id)}
    body = {"user": user, "nomination_id": albums[0], "rank": 1} | wrong
    answer = await ask("POST", f"/club/weeks/{poll.week}/votes", body)
    assert refusal(answer) == (422, "invalid")
    assert await poll.is_untouched()


async def test_who_may_not_speak_for_a_member_casts_nothing(poll, albums, ask, sign, refusal):
    ida, ben = poll.people
    named = {"user_id": str(ida.user_id)}
    for headers, user, *expected in [
        (sign("anonymous"), None, 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), named, 403, "only_for_yourself"),
        (sign("worker"), named, 403, "key_too_weak"),
        (sign(), None, 422, "nobody_named"),
    ]:
        body = {"user": user, "nomination_id": albums[0], "rank": 1}
        answer = await ask("POST", f"/club/weeks/{poll.week}/votes", body, headers)
        assert refusal(answer) == tuple(expected)
    assert await poll.is_untouched()


async def test_a_member_votes_for_themself_and_sees_no_discord_id(poll, albums, ask, sign):
    ida, _ = poll.people
    body = {"nomination_id": albums[0], "rank": 1}
    answer = await ask("POST", f"/club/weeks/{poll.week}/votes", body, sign("user", str(ida.user_id)))
    assert held(answer) == (albums[0], None)
    assert (answer.json()["user"]["id"], answer.json()["user"]["discord_id"]) == (str(ida.user_id), None)


async def test_the_summary_counts_points_breaks_ties_by_first_votes_and_names_people(poll, albums, club_of, sign):
    blue, hejira, mingus = albums
    cam, dee, eve = await club_of("Cam", "Dee", "Eve")
    for person, chosen, rank in [(cam, mingus, 1), (dee, blue, 2), (eve, blue, 2)]:
        await poll.vote(chosen, rank, person)
    summary = await poll.summary()
    counted = [(each["nomination_id"], each["position"], each["points"]) for each in summary["items"]]
    assert counted == [(mingus, 1, 2), (blue, 2, 2), (hejira, 3, 0)]
    assert [(each["first_votes"], each["second_votes"]) for each in summary["items"]] == [(1, 0), (0, 2), (0, 0)]
    assert (summary["ballots"], summary["winner"], summary["tie"]) == (3, mingus, [])
    assert summary["items"][0]["album"]["title"] == "Mingus"
    assert summary["items"][0]["nominator"]["discord_id"] == poll.people[0].discord_id
    stranger = await poll.summary(sign("anonymous"))
    assert [each["nominator"]["discord_id"] for each in stranger["items"]] == [None] * 3


async def test_a_tie_that_first_votes_do_not_break_has_no_winner(poll, albums):
    ida, ben = poll.people
    await poll.vote(albums[2], 1, ida)
    await poll.vote(albums[1], 1, ben)
    summary = await poll.summary()
    assert (summary["winner"], summary["tie"]) == (None, [albums[1], albums[2]])
    assert [each["position"] for each in summary["items"]] == [1, 1, 3]


async def test_the_summary_takes_as_many_queries_for_a_few_nominations_as_for_many(poll, record, club_of, queries):
    taken = []
    for title in ("Blue", "Hejira", "Mingus"):
        nomination = await poll.put_up(await record(title))
        for person in await club_of("Cam", "Dee"):
            await poll.vote(nomination, 1, person)
        before = len(queries)
        await poll.summary()
        taken.append(len(queries) - before)
    assert taken == taken[:1] * 3


async def test_a_poll_without_votes_has_no_winner_and_no_tie(poll, albums):
    summary = await poll.summary()
    assert (summary["ballots"], summary["winner"], summary["tie"]) == (0, None, [])
    assert [each["nomination_id"] for each in summary["items"]] == albums


async def test_votes_for_a_withdrawn_nomination_are_void_until_it_is_back(poll, record, announced):
    blue, hejira = await record("Blue"), await record("Hejira")
    kept, gone = await poll.put_up(hejira), await poll.put_up(blue)
    await poll.vote(gone, 1)
    await poll.vote(kept, 2)
    await poll.withdraw(gone)
    summary = await poll.summary()
    assert [(each["nomination_id"], each["points"]) for each in summary["items"]] == [(kept, 1)]
    assert (summary["winner"], summary["ballots"]) == (kept, 1)
    assert await poll.put_up(blue) == gone
    assert [each["points"] for each in (await poll.summary())["items"]] == [2, 1]
    assert len(await announced(VoteCast)) == 2


async def test_a_week_that_is_not_there_has_no_summary(ask, refusal):
    answer = await ask("GET", f"/club/weeks/{uuid4()}/votes/summary")
    assert refusal(answer) == (404, "no_such_week")


async def test_announcing_again_tells_every_ballot_as_it_stands(stage, poll, albums, announced):
    ida, ben = poll.people
    await poll.vote(albums[0], 1, ida)
    await poll.vote(albums[1], 2, ben)
    said = await announced(VoteCast)
    announcer = stage.app.state.announcers["vote"]
    async with stage.db.transaction() as tx:
        ballots = (await tx.scalars(select(announcer.root).order_by(announcer.root.id))).all()
        assert await announcer.state(tx, ballots) == said
