"""Weeks as the reader of old threads sends them; identity and the catalogue make whom they are asked for."""

import hashlib
from uuid import UUID

import pytest

from chassis.testing import Scripted

GUILD = "193842067721486337"
IDA, BEN, CLEO = "311111111111111111", "322222222222222222", "333333333333333333"
NOBODY = "019ab6e1-1111-7111-8111-111111111111"
BLUE = {"title": "Blue", "artist": "Joni Mitchell", "year": 1971}
HEJIRA = {"title": "Hejira", "artist": "Joni Mitchell", "year": 1976}


def made_from(text):
    """The same id for the same words, as the owners answer it."""
    return str(UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))


def _person(body):
    name = body.get("display_name", "Somebody")
    blank = {"handle": None, "avatar_url": None, "version": 1}
    return {"user_id": made_from(body["discord_id"]), "display_name": name, "discord_id": body["discord_id"], **blank}


def _people(body):
    return {"users": [_person(user) if "discord_id" in user else None for user in body["users"]]}


def _album(body):
    album = {"artists": [], "year": None, "mbid": None, "spotify_id": None, "cover_url": None, "version": 1} | body
    return album | {"album_id": made_from(body["title"]), "updated_at": "2025-11-24T12:00:00Z"}


@pytest.fixture
def stage(stage):
    stage.app.state.neighbours = {
        "identity": Scripted({"POST /internal/users": _person, "POST /internal/users/meet": _people}),
        "catalog": Scripted({"POST /internal/albums": _album}),
    }
    return stage


@pytest.fixture
def said():
    """`said(7, author=IDA)`: where something was read; message 7 was sent seven minutes into 24 November 2025."""

    def where(nth=None, author=None, **more):
        at = f"2025-11-24T00:{nth or 0:02d}:00Z"
        message = {} if nth is None else {"message_id": str(1442300000000000000 + nth)}
        return {"file": "week.json", "guild_id": GUILD, "author": author, "at": at, **message, **more}

    return where


@pytest.fixture
def items(said):
    """`items(3)`: a whole week: Ida's and Ben's nominations, Ida's wins, and Ben and Cleo rate it."""

    def whole(number=3, **changed):
        of = {"number": number, "confidence": 0.9}
        week = {
            "week": of | {"kind": "week", "date_discussion": "2025-11-24", "provenance": said()},
            "ida": of | _nominated(IDA, BLUE, said(1, IDA)),
            "ben": of | _nominated(BEN, HEJIRA, said(2, BEN)),
            "winner": of | {"kind": "winner", "album": BLUE, "provenance": said(3, CLEO)},
            "cleo": of | _rated(CLEO, 4.5, said(4, CLEO)),
            "rater": of | _rated(BEN, 3, said(5, BEN)),
        }
        return [*{name: week[name] | changed.get(name, {}) for name in week}.values()]

    return whole


def _nominated(author, album, provenance):
    user = {"discord_id": author, "display_name": f"Member {author[0]}{author[1]}"}
    return {"kind": "nomination", "user": user, "album": album, "pitch": "Listen.", "provenance": provenance}


def _rated(author, rating, provenance):
    return {"kind": "rating", "user": {"discord_id": author}, "rating": rating, "provenance": provenance}


@pytest.fixture
def bring(ask):
    """`await bring(items)`: the answer to an import of them."""

    async def send(items, status=200, by=None, club="/club", **more):
        body = {"name": "Old threads", "source": "sha256:1", "items": items} | more
        answer = await ask("POST", f"{club}/imports", body, by=by)
        assert answer.status_code == status, answer.text
        return answer.json()

    return send


@pytest.fixture
def fates():
    """`fates(answer)`: what became of each item."""
    return lambda answer: [each["outcome"] for each in answer["outcomes"]]


@pytest.fixture
def week(ask):
    """`await week(3)`: the whole document of the week with that number."""

    async def read(number=3):
        return (await ask("GET", f"/club/weeks/number/{number}")).json()

    return read


@pytest.fixture
def edited(ask, week):
    """`await edited(item, rating=1)`: the author edits the message that the item was read from."""

    async def edit(item, **said):
        ref = {"kind": "message", "id": item["provenance"]["message_id"]}
        path = f"/club/weeks/{(await week(item['number']))['id']}/ratings"
        assert (await ask("POST", path, {"user": item["user"], "ref": ref, **said})).status_code == 200

    return edit
