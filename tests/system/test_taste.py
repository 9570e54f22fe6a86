"""What is listened to becomes a taste a moment later, and two who listen alike are told so."""

import pytest

from tests.homes import until

MAE = {"discord_id": "41771983423143938", "display_name": "Mae"}
UMA = {"discord_id": "41771983423143939", "display_name": "Uma"}
ALBUMS = {"Joni Mitchell": "Hejira", "Portishead": "Dummy", "Can": "Future Days"}


def listens(user):
    return [
        {
            "user": user,
            "track": {"title": f"Song {number % 5}", "artist": artist, "album": album, "duration_ms": 240_000},
            "listened_at": 1_763_496_000 + 300 * (number * 3 + place),
            "source": "navidrome",
        }
        for number in range(12)
        for place, (artist, album) in enumerate(ALBUMS.items())
    ]


@pytest.fixture
def worker(deployment):
    with deployment.client(headers={"Authorization": f"Bearer {deployment.api_keys['worker']}"}) as client:
        yield client


def test_what_is_listened_to_becomes_a_taste_that_is_compared(worker, bot):
    worker.post("/listens/bulk", json={"listens": listens(MAE) + listens(UMA)}).raise_for_status()
    mae, uma = (bot.get(f"/users/discord/{each['discord_id']}").json()["id"] for each in (MAE, UMA))

    def taste(of):
        answer = bot.get(f"/users/{of}/taste")
        return answer.json() if answer.is_success else {"window": {"plays": 0}}

    def alike(one, other):
        return bot.get(f"/users/{one}/compatibility/{other}").raise_for_status()

    until(lambda: all(taste(each)["window"]["plays"] == 36 for each in (mae, uma)))
    assert taste(mae)["enough"]
    # The catalogue tells whose tracks they are a little later, and of one of the two before the other.
    shares = dict.fromkeys(ALBUMS, 0.3333)
    until(lambda: {each["name"]: each["share"] for each in taste(mae)["top_artists"]} == shares)
    until(lambda: alike(mae, uma).json()["score"] == 100)
    until(lambda: alike(mae, uma).content == alike(uma, mae).content)


def test_a_private_taste_is_seen_by_nobody_the_moment_they_say_so(deployment, page):
    name = f"ivy{deployment.port}"
    page.post("/auth/register", json={"handle": name, "password": "correct horse battery", "display_name": "Ivy"})
    with deployment.client() as anyone:
        until(lambda: anyone.get(f"/users/@{name}/taste").status_code == 200)
        changed = page.patch("/users/me", json={"privacy": {"taste": "private"}}).raise_for_status().json()
        assert changed["pending"] == []
        for address in (f"/users/@{name}/taste", f"/users/@{name}/compatibility/@{name}"):
            assert anyone.get(address).status_code == 403
            assert page.get(address).status_code == 200
