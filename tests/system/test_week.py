"""One real week of a real club, as a bot would write it, on both topologies."""

import time
from uuid import uuid4

import pytest

MEMBERS = {
    "Ida": "175928847299117063",
    "Jo": "80351110224678912",
    "Kim": "155149108183695360",
    "Lou": "41771983423143937",
}
ALBUMS = [
    {"title": "Blue", "artist": "Joni Mitchell", "year": 1971},
    {"title": "Voodoo", "artist": "D'Angelo", "year": 2000},
    {"title": "Vespertine", "artist": "Björk", "year": 2001},
    {"title": "Aja", "artist": "Steely Dan", "year": 1977},
]


def user(name, number):
    return {"discord_id": str(int(MEMBERS[name]) + number), "display_name": name}


def eventually(holds, within=30):
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.05)


@pytest.fixture
def number(request):
    """A week of one's own in a system that others use too."""
    return uuid4().int % 900_000


@pytest.fixture
def bot(deployment):
    with deployment.client(headers=deployment.bot) as client:
        yield client


def post(bot, path, body, status=None):
    answer = bot.post(path, json=body)
    assert answer.status_code == status or (status is None and answer.is_success), answer.text
    return answer.json()


def test_a_week_from_its_first_nomination_to_its_last_rating(bot, deployment, number):
    week = post(bot, "/club/weeks", {"number": number, "date_discussion": "2025-11-24"}, 201)
    here = f"/club/weeks/{week['id']}"
    assert week["label"] == f"WEEK {number:03d} [2025-11-24]"
    assert post(bot, "/club/weeks", {"number": number}, 200)["date_discussion"] == "2025-11-24"

    nominated = {}
    for name, album in zip(MEMBERS, ALBUMS, strict=True):
        body = {"user": user(name, number), "album": album, "pitch": f"{name} loves it", "tags": {"genre": "Soul"}}
        nominated[name] = post(bot, f"{here}/nominations", body, 201)
        assert post(bot, f"{here}/nominations", body, 200)["id"] == nominated[name]["id"]

    choices = {"Ida": ("Jo", "Kim"), "Jo": ("Ida", "Kim"), "Kim": ("Jo", "Ida"), "Lou": ("Ida", "Jo")}
    for voter, names in choices.items():
        for rank, name in enumerate(names, start=1):
            vote = {"user": user(voter, number), "nomination_id": nominated[name]["id"], "rank": rank}
            post(bot, f"{here}/votes", vote)
    summary = bot.get(f"{here}/votes/summary").json()
    points = {item["nominator"]["display_name"]: item["points"] for item in summary["items"]}
    assert points == {"Jo": 5, "Ida": 5, "Kim": 2, "Lou": 0}
    assert (summary["winner"], set(summary["tie"])) == (None, {nominated["Ida"]["id"], nominated["Jo"]["id"]})

    refused = bot.post(f"{here}/ratings", json={"user": user("Ida", number), "rating": 4.5})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_winner")
    post(bot, f"{here}/winner", {"nomination_id": nominated["Jo"]["id"]})
    for rating, name in zip((4.5, 3, "4,5", 5), MEMBERS, strict=True):
        post(
            bot, f"{here}/ratings", {"user": user(name, number), "rating": rating, "favorite_track": "Devil's Pie"}, 201
        )

    with deployment.client() as anyone:
        early = anyone.get(f"/club/weeks/number/{number}").json()["ratings"]
        assert (early["average"], early["count"], early["hidden"]) == (None, 4, True)
        post(bot, f"{here}/advance", {"to": "closed"}, 200)
        document = anyone.get(f"/club/weeks/number/{number}").json()
    assert document["winner"]["title"] == "Voodoo"
    assert document["winner_album_id"] == document["winner"]["id"]
    assert document["nominator"]["display_name"] == "Jo"
    assert (document["ratings"]["average"], document["ratings"]["median"], document["ratings"]["count"]) == (
        4.25,
        4.5,
        4,
    )
    assert len(document["nominations"]) == 4
    assert "discord_id" not in str(document) or document["nominator"]["discord_id"] is None

    gallery = bot.get("/club/weeks", params={"has_winner": True, "q": "voodoo", "limit": 100}).json()["items"]
    assert [item["nominator"]["display_name"] for item in gallery if item["number"] == number] == ["Jo"]


def test_what_a_vote_says_reaches_taste_after_the_close_and_a_person_reaches_listening(bot, number, learned):
    week = post(bot, "/club/weeks", {"number": number})
    here = f"/club/weeks/{week['id']}"
    nomination = post(bot, f"{here}/nominations", {"user": user("Jo", number), "album": ALBUMS[0]})
    ballot = post(bot, f"{here}/votes", {"user": user("Ida", number), "nomination_id": nomination["id"], "rank": 1})
    voter = ballot["user"]["id"]
    heard, chosen = (f"SELECT {what} FROM taste.votes WHERE user_id = $1" for what in ("count(*)", "first::text"))
    eventually(lambda: learned(heard, voter) == 1)
    assert learned(chosen, voter) is None
    post(bot, f"{here}/advance", {"to": "discussing"})
    eventually(lambda: learned(chosen, voter) == nomination["id"])
    copied = "SELECT display_name FROM listening.users WHERE id = $1"
    eventually(lambda: learned(copied, voter) == "Ida")


def test_a_repeated_batch_of_votes_announces_nothing(bot, number, learned):
    week = post(bot, "/club/weeks", {"number": number})
    here = f"/club/weeks/{week['id']}"
    nomination = post(bot, f"{here}/nominations", {"user": user("Lou", number), "album": ALBUMS[3]})
    vote = {"user": user("Kim", number), "nomination_id": nomination["id"], "rank": 1}
    voter = post(bot, f"{here}/votes", vote)["user"]["id"]
    version = "SELECT version FROM club.ballots WHERE user_id = $1"
    first = learned(version, voter)
    for _ in range(20):
        post(bot, f"{here}/votes", vote)
    assert learned(version, voter) == first


def test_every_part_is_healthy_and_says_its_version(deployment):
    with deployment.client() as anyone:
        health = anyone.get("/health")
    assert health.status_code == 200
    assert set(health.json()["services"]) == {"gateway", "identity", "catalog", "club", "listening", "taste"}
    assert {part["status"] for part in health.json()["services"].values()} == {"ok"}
    assert health.json()["version"] == "0.1.0"


def test_nobody_writes_without_a_key(deployment):
    with deployment.client() as anyone:
        answer = anyone.post("/club/weeks", json={"number": 1})
        forged = anyone.post(
            "/club/weeks", json={"number": 1}, headers={"Authorization": f"Bearer sdt_abcdefgh_{'x' * 40}"}
        )
    assert (answer.status_code, forged.status_code) == (401, 401)
    assert answer.headers["content-type"] == "application/problem+json"
