"""A resync ends where a bot that saw every message would have ended."""

import random

import pytest

ALBUMS = ("Blue", "Hejira", "Mingus")
FORMS = {title: f"{title} — Joni Mitchell\nWhy?: {title}, for once." for title in ALBUMS}


@pytest.fixture
async def people(club_of, record):
    for title in ALBUMS:
        await record(title)
    return await club_of("Ida", "Ben", "Cleo")


def conversation(dice, people, message):
    """Messages, some deleted, each as it was at first and as it is in the end.

    Those that are deleted are all that their author said: of one that replaced another nobody can tell afterwards.
    """
    written, spoken = [], set()
    for minute in range(-12, 0):
        kind = dice.choice(["nomination", "rating"])
        text = FORMS[dice.choice(ALBUMS)] if kind == "nomination" else f"Rating: {dice.randint(2, 10) / 2}"
        author = dice.choice(people)
        if (author.discord_id, kind, "gone") in spoken:
            continue
        first = message(author, kind, text, minutes=minute)
        last = dict(first)
        if (author.discord_id, kind) not in spoken and dice.random() < 0.25:
            last["deleted"] = True
            spoken.add((author.discord_id, kind, "gone"))
        spoken.add((author.discord_id, kind))
        written.append((first, last))
    return written


async def seen(ask, people, week, first, last):
    """What a bot does that sees a message, reads it by the parsers, and perhaps sees it go."""
    by_id = {person.discord_id: {"user_id": str(person.user_id)} for person in people}
    body = {"user": by_id[first["author"]["discord_id"]], "ref": {"kind": "message", "id": first["id"]}}
    parsed = (await ask("POST", f"/club/parse/{first['kind']}", {"text": first["content"]})).json()
    if first["kind"] == "nomination":
        body |= {"album": parsed["album"], "pitch": parsed["pitch"]}
    else:
        body |= {"rating": parsed["rating"]}
    await ask("POST", f"/club/weeks/{week}/{first['kind']}s", body)
    if last.get("deleted"):
        await ask("DELETE", f"/club/messages/{first['id']}")


async def stands(ask, week):
    document = (await ask("GET", f"/club/weeks/{week}")).json()
    nominations = {
        (item["album"]["title"], item["nominator"]["display_name"], item["pitch"]): sorted(
            each["user"]["display_name"] for each in item["co_nominators"]
        )
        for item in document["nominations"]
    }
    ratings = (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]
    return nominations, {each["user"]["display_name"]: each["rating"] for each in ratings}


@pytest.mark.parametrize("seed", range(6))
async def test_a_resync_in_any_order_ends_as_if_every_message_had_been_seen(ask, people, message, seed, record):
    dice, winner = random.Random(seed), await record("Court and Spark")
    weeks = [(await ask("POST", "/club/weeks", {"number": number})).json()["id"] for number in (1, 2)]
    for week in weeks:
        await ask("POST", f"/club/weeks/{week}/winner", {"album": {"album_id": str(winner.album_id)}})
    live, missed = weeks
    written = conversation(dice, people, message)
    for first, last in written:
        await seen(ask, people, live, first, last)
    # Of a message that is gone, whoever comes later sees that it is gone.
    batch = [last for _, last in written]
    dice.shuffle(batch)
    expected = await stands(ask, live)
    again = [each | {"id": str(int(each["id"]) + 2**20)} for each in batch]
    for _ in range(2):
        answer = await ask("POST", f"/club/weeks/{missed}/resync", {"messages": again})
        assert answer.status_code == 200, answer.text
    assert await stands(ask, missed) == expected
