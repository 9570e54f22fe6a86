"""The life of an installation: started, killed, started again, backed up and restored."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

import httpx2
import pytest

from standalone.home import locked
from standalone.postgres import Postgres
from tests import beneath
from tests.homes import FAST, lives, new_home, until
from tests.servers import free_port
from tests.system.deployments import QUICK, SIDETRACK, distributed, standalone

# Everything a season says, but for the moments at which it was written.
SEASON = """
    SELECT json_build_object(
      'weeks', (SELECT json_agg(row_to_json(w) ORDER BY w.number) FROM (
        SELECT number, label, date_discussion, a.title
        FROM club.weeks LEFT JOIN club.albums a ON a.id = winner_album_id) w),
      'votes', (SELECT json_agg(row_to_json(v) ORDER BY v.number, v.display_name, v.rank) FROM (
        SELECT w.number, m.display_name, v.rank, a.title FROM club.votes v JOIN club.weeks w ON w.id = v.week_id
        JOIN club.members m ON m.id = v.user_id JOIN club.nominations n ON n.id = v.nomination_id
        JOIN club.albums a ON a.id = n.album_id) v),
      'ratings', (SELECT json_agg(row_to_json(r) ORDER BY r.number, r.display_name) FROM (
        SELECT w.number, m.display_name, r.half_steps, r.favorite_track, r.review FROM club.ratings r
        JOIN club.weeks w ON w.id = r.week_id JOIN club.members m ON m.id = r.user_id) r),
      'taste', (SELECT count(*) FROM taste.votes), 'heard', (SELECT count(*) FROM taste.ratings),
      'albums', (SELECT count(*) FROM catalog.albums), 'users', (SELECT count(*) FROM identity.users)
    )::text
"""
DEMO = "demo", "--weeks", "3"
# Whether taste knows the ballot as it now stands.
FOLLOWS = """
    SELECT v.version = b.version AND v.cast_at = b.cast_at
    FROM club.ballots b JOIN taste.votes v USING (week_id, user_id)
"""
# As a new, empty database would be.
EMPTY = "".join(
    f"DROP SCHEMA {schema} CASCADE;" for schema in ("identity", "catalog", "club", "listening", "taste", "bus")
)
WAITING = """
    SELECT (SELECT count(*) FROM club.outbox) + (SELECT count(*) FROM identity.outbox)
         + (SELECT count(*) FROM catalog.outbox) + (SELECT count(*) FROM bus.delivery)
"""


def season_of(deployment):
    """What the database says once every event has arrived."""
    until(lambda: beneath.value(deployment.home, WAITING) == 0)
    return beneath.value(deployment.home, SEASON)


VERSIONS = "SELECT sum(version) FROM club.ballots"


@pytest.fixture(scope="module")
def undisturbed():
    """A season played once, then once more: what each try told, and left."""
    with new_home() as home, standalone(home) as deployment:
        tries = []
        for _ in range(2):
            told = deployment.command(*DEMO).splitlines()[:-1]
            tries.append((told, season_of(deployment), beneath.value(home, VERSIONS)))
    return tries


def test_the_demo_played_twice_is_one_season(undisturbed):
    first, second = undisturbed
    assert second == first


def test_killed_while_the_demo_plays_and_played_again_it_is_the_same_season(undisturbed):
    with new_home() as home:
        with standalone(home) as deployment:
            playing = threading.Thread(target=deployment.command, args=DEMO, kwargs={"check": False})
            playing.start()
            until(lambda: beneath.value(home, "SELECT count(*) FROM club.ballots") > 20, within=120)
            database = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
            deployment.processes["up"].kill()
            playing.join()
            until(lambda: not lives(database))
        with standalone(home) as deployment:
            deployment.command(*DEMO)
            assert season_of(deployment) == undisturbed[0][1]


def test_what_a_killed_process_was_handling_is_handled_at_the_next_start():
    with new_home() as home:
        with standalone(home, {**QUICK, "SIDETRACK_FAILPOINT": "delivery_claimed"}) as deployment:
            with deployment.client(headers=deployment.bot) as bot, suppress(httpx2.TransportError):
                bot.put("/users/discord/80351110224678912", json={"display_name": "Jo"})
            until(lambda: deployment.processes["up"].process.poll() == -signal.SIGKILL)
        with standalone(home):
            until(lambda: beneath.value(home, "SELECT count(*) FROM listening.users") == 1)


def test_a_second_process_on_the_same_home_is_refused_in_one_sentence(standalone_deployment):
    other = {"SIDETRACK_PORT": str(free_port())}
    environment = os.environ | standalone_deployment.environment | other
    told = subprocess.run([*SIDETRACK, "up"], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("Sidetrack already runs on this home (pid ")


def test_it_stops_cleanly_and_a_second_start_keeps_everything():
    with new_home() as home:
        with standalone(home) as deployment, deployment.client(headers=deployment.bot) as bot:
            bot.post("/club/weeks", json={"number": 7}).raise_for_status()
            database = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
            process = deployment.processes["up"]
            process.process.send_signal(signal.SIGINT)
            assert process.stop() == 0
            assert not lives(database)
        with standalone(home) as deployment, deployment.client() as anyone:
            assert anyone.get("/club/weeks/number/7").json()["number"] == 7
            assert deployment.command("down").strip() == "Sidetrack has stopped."
            assert deployment.processes["up"].process.wait(timeout=20) == 0


def test_a_backup_restored_into_an_empty_home_gives_the_same_answers(tmp_path):
    file = tmp_path / "club.zip"
    with new_home() as home, standalone(home) as deployment:
        deployment.command(*DEMO)
        deployment.command("backup", str(file))
        season, told = season_of(deployment), answers(deployment)
    with new_home() as home:
        place = {**os.environ, "SIDETRACK_HOME": str(home)}
        subprocess.run([*SIDETRACK, "restore", str(file)], env=place, check=True, capture_output=True, timeout=120)
        with standalone(home) as deployment:
            assert season_of(deployment) == season
            assert answers(deployment) == told
            # The next ballot is newer than anything a consumer may have seen before the restore.
            assert beneath.value(
                home,
                "SELECT bool_and(b.version = v.version) FROM club.ballots b JOIN taste.votes v "
                "ON (v.week_id, v.user_id) = (b.week_id, b.user_id)",
            )


def answers(deployment):
    """What anyone is told of the whole season."""
    with deployment.client() as anyone:
        weeks = anyone.get("/club/weeks", params={"limit": 100}).json()["items"]
        return [anyone.get(f"/club/weeks/{week['id']}").text for week in weeks]


def test_after_an_older_backup_consumers_that_had_seen_later_events_follow_the_restored_club(broker, tmp_path):
    file = tmp_path / "older.zip"
    with new_home() as home, distributed(home, broker) as deployment:
        week, nominations = _open_week(deployment)
        _vote(deployment, week, nominations[0])
        until(lambda: beneath.value(home, FOLLOWS))
        deployment.command("backup", str(file))
        _vote(deployment, week, nominations[1])
        until(lambda: beneath.value(home, FOLLOWS))
        # A last vote whose event still waits at the broker when the older state comes back.
        deployment.processes.pop("taste").stop()
        _vote(deployment, week, nominations[2])
        until(lambda: beneath.value(home, "SELECT count(*) FROM club.outbox") == 0)
        deployment.stop()
        beneath.execute(home, EMPTY)
        deployment.command("restore", str(file))
        assert beneath.value(home, "SELECT nomination_id::text FROM club.votes") == nominations[0]
        deployment.start()
        until(lambda: beneath.value(home, WAITING) == 0)
        time.sleep(1)
        assert beneath.value(home, FOLLOWS)
        _vote(deployment, week, nominations[1])
        until(lambda: beneath.value(home, FOLLOWS))


def _open_week(deployment):
    with deployment.client(headers=deployment.bot) as bot:
        week = bot.post("/club/weeks", json={"number": 1}).json()["id"]
        people = [{"discord_id": f"8035111022467892{each}", "display_name": f"Jo {each}"} for each in range(3)]
        albums = [{"title": title, "artist": "Joni Mitchell"} for title in ("Blue", "Hejira", "Clouds")]
        bodies = [{"user": person, "album": album} for person, album in zip(people, albums, strict=True)]
        return week, [bot.post(f"/club/weeks/{week}/nominations", json=body).json()["id"] for body in bodies]


def _vote(deployment, week, nomination):
    vote = {"user": {"discord_id": "80351110224678912"}, "nomination_id": nomination, "rank": 1}
    with deployment.client(headers=deployment.bot) as bot:
        bot.post(f"/club/weeks/{week}/votes", json=vote).raise_for_status()


def test_two_migrators_at_once_make_one_database():
    with new_home() as home, locked(home), Postgres(home, FAST):
        place = {**os.environ, "SIDETRACK_HOME": str(home)}
        commands = [subprocess.Popen([*SIDETRACK, "migrate"], env=place, stdout=subprocess.PIPE) for _ in range(2)]
        told = [command.communicate(timeout=120)[0].decode() for command in commands]
        assert told == ["The database is ready for this release.\n"] * 2
        assert beneath.value(home, "SELECT count(*) FROM club.alembic_version") == 2
