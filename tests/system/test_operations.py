"""What a maintainer does with the `sidetrack` command, on both topologies."""

import json
from functools import partial
from uuid import uuid4

import pytest

from tests import beneath
from tests.homes import until

PERSON = {"discord_id": "41771983423143937", "display_name": "Lou"}
NOMINATOR = {"discord_id": "80351110224678912", "display_name": "Jo"}


@pytest.fixture
def execute(deployment):
    """`execute(statement)`: done as the database's administrator."""
    return partial(beneath.execute, deployment.home)


@pytest.fixture
def voted(deployment):
    """A week with one nomination and one vote for it; its ids."""
    with deployment.client(headers=deployment.bot) as bot:
        week = bot.post("/club/weeks", json={"number": uuid4().int % 900_000 + 50_000}).json()["id"]
        album = {"title": "Hejira", "artist": "Joni Mitchell"}
        nomination = bot.post(f"/club/weeks/{week}/nominations", json={"user": NOMINATOR, "album": album}).json()
        vote = {"user": PERSON, "nomination_id": nomination["id"], "rank": 1}
        ballot = bot.post(f"/club/weeks/{week}/votes", json=vote).raise_for_status().json()
    return {"week": week, "nomination": nomination["id"], "user": ballot["user"]["id"]}


def counted(learned, table, week):
    return learned(f"SELECT count(*) FROM {table} WHERE week_id = $1", week)


def test_a_broken_handler_holds_up_no_other_and_its_dead_are_replayed_after_the_mend(
    deployment, learned, execute, voted
):
    until(lambda: counted(learned, "taste.votes", voted["week"]) == 1)
    execute("ALTER TABLE taste.votes RENAME TO votes_gone")
    try:
        with deployment.client(headers=deployment.bot) as bot:
            vote = {"user": PERSON, "nomination_id": voted["nomination"], "rank": 2}
            bot.post(f"/club/weeks/{voted['week']}/votes", json=vote).raise_for_status()
            bot.post(
                f"/club/weeks/{voted['week']}/winner", json={"nomination_id": voted["nomination"]}
            ).raise_for_status()
            bot.post(f"/club/weeks/{voted['week']}/ratings", json={"user": PERSON, "rating": 4}).raise_for_status()
        until(lambda: counted(learned, "taste.ratings", voted["week"]) == 1)
        until(lambda: "taste.learn_from_vote" in deployment.command("dead", "list"))
        shown = [json.loads(line) for line in deployment.command("dead", "show", "taste.learn_from_vote").splitlines()]
        assert [json.loads(letter["body"])["week_id"] for letter in shown] == [voted["week"]]
        assert 'relation "votes" does not exist' in shown[0]["error"]
    finally:
        execute("ALTER TABLE taste.votes_gone RENAME TO votes")
    assert "Replayed 1" in deployment.command("dead", "replay", "taste.learn_from_vote")
    up_to_date = """SELECT v.version = b.version AND v.cast_at = b.cast_at
        FROM taste.votes v JOIN club.ballots b USING (week_id, user_id) WHERE week_id = $1"""
    until(lambda: learned(up_to_date, voted["week"]))
    assert "taste.learn_from_vote" not in deployment.command("dead", "list")


@pytest.mark.parametrize(
    ("copy", "owned", "words"),
    [
        ("taste.votes", "club.ballots USING (week_id, user_id)", ("club", "vote", "--to", "taste.learn_from_vote")),
        ("listening.users", "identity.users USING (id)", ("identity", "user", "--to", "listening.copy_user")),
    ],
)
def test_a_copy_that_was_emptied_by_hand_is_right_again_after_a_reannouncement(
    deployment, learned, execute, voted, copy, owned, words
):
    # What its owner has no more, as after a merge, is not announced again; what other tests put there never was.
    kept = f"{copy} AS copy JOIN {owned.replace(' USING', ' AS owned USING')} WHERE owned.version > 1"
    shape = f"SELECT json_agg(row_to_json(copy) ORDER BY copy::text)::text FROM {kept}"
    whole = f"SELECT (SELECT count(*) FROM {owned.split()[0]} WHERE version > 1) = (SELECT count(*) FROM {kept})"
    until(lambda: counted(learned, "taste.votes", voted["week"]) == 1)
    until(lambda: learned(whole))
    before = learned(shape)
    execute(f"DELETE FROM {copy}")
    assert "Announced" in deployment.command("reannounce", *words)
    until(lambda: learned(shape) == before)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("reannounce", "choir", "song", "--to", "taste.sing"), "There is no service choir"),
        (("reannounce", "club", "song", "--to", "taste.sing"), "club announces"),
        (("reannounce", "club", "vote", "--to", "taste.sing"), "is heard by taste.learn_from_vote, not by taste.sing"),
        (("restore", "nowhere.zip"), "is not a backup of Sidetrack"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(deployment, words, sentence):
    assert sentence in " ".join(deployment.command(*words, check=False).split())


def test_declaring_and_migrating_again_changes_nothing(deployment):
    deployment.command("migrate")
    deployment.command("bus", "declare")
    with deployment.client() as anyone:
        assert anyone.get("/health").json()["status"] in {"ok", "warn"}
