"""Parsing through HTTP: open to everyone, and nothing is written."""

import pytest

from contracts.parsing import NOMINATION, RATING

ADDRESSES = ["/club/parse/nomination", "/club/parse/rating"]


async def test_a_typed_nomination_is_answered_in_fields(ask):
    answer = await ask("POST", "/club/parse/nomination", {"text": NOMINATION})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "album": {"title": "Blue", "artist": "Joni Mitchell", "year": 1971, "url": None},
            "pitch": "Ten songs that sound as if nobody was meant to overhear them.",
            "pitch_track": "A Case of You",
            "pitch_track_url": None,
            "tags": {"genre": "folk", "decade": "1970s", "country": "Canada"},
            "confidence": 1.0,
            "not_understood": [],
        },
    )


async def test_a_typed_rating_is_answered_in_fields(ask):
    answer = await ask("POST", "/club/parse/rating", {"text": RATING})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "rating": 4.5,
            "favorite_track": "A Case of You",
            "review": "I have worn out two copies.",
            "confidence": 1.0,
            "not_understood": [],
        },
    )


async def test_what_is_not_understood_is_an_answer_and_no_refusal(ask):
    answer = await ask("POST", "/club/parse/rating", {"text": "9/10"})
    assert answer.status_code == 200
    assert answer.json()["rating"] is None
    assert [doubt["text"] for doubt in answer.json()["not_understood"]] == ["9/10"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("kind", ["anonymous", "user", "bot", "worker", "admin"])
async def test_anybody_may_ask_and_no_statement_reaches_the_database(ask, sign, announced, queries, address, kind):
    answer = await ask("POST", address, {"text": "Blue — Joni Mitchell, 4.5/5"}, by=sign(kind))
    assert (answer.status_code, queries) == (200, [])
    assert await announced() == []


@pytest.mark.parametrize("address", ADDRESSES)
async def test_who_does_not_come_through_the_gateway_is_refused(ask, refusal, address):
    assert refusal(await ask("POST", address, {"text": RATING}, by={})) == (401, "bad_token")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "x" * 4001},
        {"text": " \n\t"},
        {"text": ""},
        {"text": "a\0b"},
        {"text": "a\ud800"},
        {"text": None},
        {"text": 4.5},
        {"text": ["4.5"]},
        {"text": "4.5", "user": {"discord_id": "7"}},
        {},
    ],
)
async def test_what_is_no_message_is_refused(ask, refusal, address, wrong):
    assert refusal(await ask("POST", address, wrong)) == (422, "invalid")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "text", ["x" * 4000, "★" * 4000, "9" * 4000, "[" * 4000, "e\u0301" * 4000, "\u202e\ufdfa" * 2000]
)
async def test_the_longest_messages_are_read(ask, address, text):
    assert (await ask("POST", address, {"text": text})).status_code == 200


async def test_what_was_read_can_be_sent_on_as_it_is(ask, club_of, record, a_week):
    (ida,), week = await club_of("Ida"), await a_week()
    await record("Blue", "Joni Mitchell", 1971)
    read = (await ask("POST", "/club/parse/nomination", {"text": NOMINATION})).json()
    sent = {name: read[name] for name in ("album", "pitch", "pitch_track_url", "tags")}
    user = {"user_id": str(ida.user_id)}
    nominated = await ask("POST", f"/club/weeks/{week}/nominations", {"user": user, **sent})
    assert nominated.status_code == 201, nominated.text
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": nominated.json()["id"]})
    read = (await ask("POST", "/club/parse/rating", {"text": RATING})).json()
    sent = {name: read[name] for name in ("rating", "favorite_track", "review")}
    rated = await ask("POST", f"/club/weeks/{week}/ratings", {"user": user, **sent})
    assert (rated.status_code, rated.json()["rating"]) == (201, 4.5)
