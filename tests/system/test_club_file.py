"""A club in a file: taken out of one running system, and brought into another."""

import json
from zipfile import ZipFile

import pytest

from tests.homes import new_home
from tests.system.deployments import standalone


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """A season's export, its spreadsheets, and the result of its first week."""
    folder = tmp_path_factory.mktemp("taken")
    with new_home() as home, standalone(home) as deployment:
        deployment.command("demo", "--weeks", "4")
        with deployment.client(headers=deployment.bot) as bot:
            week = bot.get("/club/weeks/number/1").json()
            bot.post(f"/club/weeks/{week['id']}/advance", json={"to": "closed"}).raise_for_status()
        deployment.command("club", "export", str(folder / "club.json"))
        deployment.command("club", "export", str(folder / "club.zip"), "--csv")
    return folder


def test_a_club_restored_in_another_system_is_the_same_and_its_people_and_albums_are_known_there(taken, tmp_path):
    file, again = taken / "club.json", tmp_path / "again.json"
    with new_home() as home, standalone(home) as deployment:
        said = deployment.command("club", "restore", str(file))
        assert "4 weeks" in said
        assert "1 of 1 results" in said
        deployment.command("club", "export", str(again))
        assert again.read_bytes() == file.read_bytes()
        document = json.loads(file.read_text())
        with deployment.client(headers=deployment.bot) as bot:
            for person in document["people"]:
                told = bot.get(f"/users/discord/{person['discord_id']}").json()
                # Their privacy goes along, and is told to nobody; whether they left is the club's to say.
                assert told.items() >= {name: person[name] for name in person.keys() - {"privacy", "former"}}.items()
            for album in document["albums"]:
                told = bot.get(f"/music/albums/{album['id']}").json()
                assert {name: told[name] for name in album} == album
            result = bot.get(f"/club/weeks/{document['results'][0]['week_id']}/result").content
        (tmp_path / "result.json").write_bytes(result)
        assert "is what its" in deployment.command("verify", str(tmp_path / "result.json"))
        assert "already" in deployment.command("club", "restore", str(file), check=False)
        assert "already" in deployment.command("club", "restore", str(file), "--club", "second", check=False)


def test_the_file_is_for_its_owner_alone(taken):
    assert {file.stat().st_mode & 0o777 for file in taken.iterdir()} == {0o600}


def test_the_spreadsheets_are_six(taken):
    with ZipFile(taken / "club.zip") as zipped:
        assert zipped.testzip() is None
        assert len(zipped.namelist()) == 6
        assert len(zipped.read("weeks.csv").splitlines()) == 5


def test_somebody_else_s_discord_id_in_the_new_system_is_named_and_nothing_is_written(taken):
    person = json.loads((taken / "club.json").read_text())["people"][3]
    with new_home() as home, standalone(home) as deployment, deployment.client(headers=deployment.bot) as bot:
        bot.put(f"/users/discord/{person['discord_id']}", json={"display_name": "Not them"}).raise_for_status()
        said = deployment.command("club", "restore", str(taken / "club.json"), check=False)
        assert person["id"] in said.replace("\n", "")
        assert bot.get("/club/weeks").json()["items"] == []
        assert bot.get(f"/users/{person['id']}").status_code == 404
