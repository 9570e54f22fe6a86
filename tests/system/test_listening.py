"""Listens come in, are counted at once, and mean the catalogue's tracks a moment later."""

from contextlib import suppress
from threading import Thread

import httpx2
import pytest

from tests import beneath
from tests.homes import new_home, until
from tests.system.deployments import standalone

LOU = {"discord_id": "41771983423143937", "display_name": "Lou"}
SONGS = ["Coyote", "Amelia", "Furry Sings the Blues", "A Strange Boy"]


def listens(source, seconds=0):
    return [
        {
            "user": LOU,
            "track": {"title": song, "artist": "Joni Mitchell", "album": "Hejira", "duration_ms": 240_000},
            "listened_at": 1_763_496_000 + 300 * each + seconds,
            "source": source,
        }
        for each, song in enumerate(SONGS)
    ]


@pytest.fixture
def worker(deployment):
    with deployment.client(headers={"Authorization": f"Bearer {deployment.api_keys['worker']}"}) as client:
        yield client


def test_listens_are_counted_at_once_and_mean_the_catalogue_s_tracks_a_moment_later(worker, bot, learned):
    told = worker.post("/listens/bulk", json={"listens": listens("lastfm")}).raise_for_status().json()
    assert (told["inserted"] + told["duplicate"], told["rejected"]) == (4, 0)
    again = worker.post("/listens/bulk", json={"listens": [*listens("lastfm"), *listens("maloja", 20)]}).json()
    assert again["duplicate"] >= 4
    person = bot.get(f"/users/discord/{LOU['discord_id']}").json()["id"]

    def summary():
        return worker.get(f"/users/{person}/summary", params={"period": "2025-11"}).json()

    assert summary()["plays"]["now"] == 4
    assert summary()["top_albums"][0]["album"]["title"] == "Hejira"

    def mapped():
        top = summary()["top_tracks"]
        known = [bot.get(f"/music/tracks/{each['track']['id']}") for each in top]
        return len(top) == 4 and all(each.is_success for each in known)

    until(mapped)
    album = summary()["top_albums"][0]["album"]["id"]
    known = worker.get(f"/listens/albums/{album}/listeners").raise_for_status().json()
    assert [(each["user"]["id"], each["plays"]) for each in known["items"]] == [(person, 4)]
    until(lambda: learned("SELECT count(*) = 0 FROM listening.days WHERE NOT told"))
    recent = worker.get(f"/users/{person}/listens/recent").json()["items"]
    assert [each["track"]["title"] for each in recent[:4]] == list(reversed(SONGS))
    assert recent[0]["sources"] == ["lastfm", "maloja"]


def test_a_private_listener_is_seen_by_nobody_the_moment_they_say_so(deployment, page):
    name = f"wren{deployment.port}"
    page.post("/auth/register", json={"handle": name, "password": "correct horse battery", "display_name": "Wren"})
    with deployment.client() as anyone:
        until(lambda: anyone.get(f"/users/@{name}/summary").status_code == 200)
        changed = page.patch("/users/me", json={"privacy": {"listening": "private"}}).raise_for_status().json()
        assert changed["pending"] == []
        assert anyone.get(f"/users/@{name}/summary").status_code == 403
        assert page.get("/users/me/summary").status_code == 200


def test_killed_while_listens_come_in_it_has_every_batch_it_took_and_none_twice():
    with new_home() as home, standalone(home) as deployment:
        taken, user = [], {"discord_id": "80351110224678912", "display_name": "Jo"}

        def tell(number):
            headers = {"Authorization": f"Bearer {deployment.api_keys['worker']}"}
            with deployment.client(headers=headers) as worker, suppress(httpx2.TransportError):
                for each in range(number, 200, 4):
                    body = {"listens": [_numbered(user, 50 * each + place) for place in range(50)]}
                    if worker.post("/listens/bulk", json=body).is_success:
                        taken.append(body)

        threads = [Thread(target=tell, args=(each,)) for each in range(4)]
        for thread in threads:
            thread.start()
        until(lambda: len(taken) > 12)
        deployment.processes["up"].kill()
        for thread in threads:
            thread.join()
        deployment.start()
        with deployment.client(headers={"Authorization": f"Bearer {deployment.api_keys['worker']}"}) as worker:
            again = [worker.post("/listens/bulk", json=body).raise_for_status().json() for body in taken]
            assert {(each["duplicate"], each["inserted"]) for each in again} == {(50, 0)}
            person = worker.get(f"/users/discord/{user['discord_id']}").json()["id"]
            counted = worker.get(f"/users/{person}/summary?period=all").json()["plays"]["now"]
        assert counted == beneath.value(home, "SELECT count(*) FROM listening.sightings") >= 50 * len(taken)


def _numbered(user, number):
    track = {"title": f"Song {number % 40}", "artist": "Joni Mitchell"}
    return {"user": user, "track": track, "listened_at": 1_700_000_000 + 300 * number, "source": "lastfm"}
