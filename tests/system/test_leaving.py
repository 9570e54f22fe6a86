"""Somebody who did everything leaves while bots go on writing for them, on both topologies."""

from contextlib import suppress
from functools import partial
from random import Random

import pytest

from club.proof.verification import faults
from contracts.results import Result
from tests import beneath
from tests.homes import until
from tests.system.deployments import SERVICES
from tests.system.lives import PASSWORD, Life
from tests.system.meanwhile import meanwhile
from tests.system.wire import Wire

DEAD = """
    INSERT INTO bus.delivery (handler, id, type, source, dataschema, time, body, dead, error)
    VALUES ('club.copy_member', gen_random_uuid(), 'identity.user.changed', 'identity', '', now(), '{}', now(), 'Died.')
"""


@pytest.fixture
def wire(deployment):
    wire = Wire(deployment, SERVICES)
    yield wire
    wire.close()


@pytest.fixture
def named(deployment):
    """`named(words)`: each table that holds one of them anywhere, with the word."""
    return partial(beneath.mentions, deployment.home)


@pytest.fixture
def writing(deployment):
    """`with writing(path, body, …):` bots send these again and again."""

    def sending(method, path, body):
        return lambda client: client.request(method, path, json=body)

    return lambda *requests: meanwhile(deployment, *(sending(*request) for request in requests))


def gone(named, words):
    """Once all is at rest."""
    with suppress(AssertionError):
        until(lambda: named(words) == set(), within=60)
    assert named(words) == set()


def told(bot, week):
    """What everybody may read of a closed week, without whose it is."""
    result = bot.get(f"{week}/result").json()
    ratings = bot.get(f"{week}/ratings").json()["items"]
    nobody = {"nominator", "co_nominators"}
    return {
        "result": result | {"items": [{n: v for n, v in each.items() if n not in nobody} for each in result["items"]]},
        "summary": bot.get(f"{week}/ratings/summary").json(),
        "points": bot.get(f"{week}/votes/summary").json()["ballots"],
        "ratings": sorted(each["rating"] for each in ratings),
    }


def test_who_did_everything_leaves_and_nothing_that_is_told_again_or_late_brings_them_back(
    deployment, bot, admin, page, wire, named, writing
):
    life = Life(deployment, bot, admin, page)
    before = told(bot, life.past)
    if "SIDETRACK_BUS_URL" not in deployment.environment:
        beneath.execute(deployment.home, DEAD.replace("{}", f'{{"user_id": "{life.id}"}}'))
    assert {word for _, word in named(life.words)} == life.words
    vote = {"user": {"user_id": life.old}, "rank": 2, "nomination_id": life.choices[1]}
    rating = {"user": {"user_id": life.id}, "rating": 2, "review": life.review}
    requests = [
        ("POST", f"{life.here}/votes", vote),
        ("PUT", f"{life.here}/ballots/{life.id}", {"first": life.choices[1], "second": life.choices[0]}),
        ("POST", f"{life.past}/ratings", rating),
    ]
    with writing(*requests) as answers:
        until(lambda: len(answers) > 10)
        # Whose parts are on their way when they leave.
        assert page.post("/users/me/export").status_code == 202
        assert page.delete("/users/me").status_code == 204
        wire.repeat_all(life.id, Random(1))
        until(lambda: bot.post(f"{life.here}/votes", json=vote).status_code == 404)
        wire.repeat_all(life.old, Random(2))
    assert {answer.status_code for answer in answers} <= {200, 404}

    gone(named, life.words)
    for naming in (life.id, life.old):
        wire.repeat_all(naming, Random(3))
    gone(named, life.words)
    after = told(bot, life.past)
    assert after == before
    assert faults(Result.model_validate(bot.get(f"{life.past}/result").json())) == []
    (deployment.home / "result.json").write_text(bot.get(f"{life.past}/result").text)
    assert "what its 2 ballots" in deployment.command("verify", str(deployment.home / "result.json"))
    people = {each["user"]["display_name"] for each in bot.get(f"{life.past}/ratings").json()["items"]}
    assert people == {"A former member", "Other 0"}
    assert bot.get(f"{life.here}/votes/summary").json()["ballots"] == 1
    assert "A former member" in {
        each["nominator"]["display_name"] for each in bot.get(f"{life.here}/nominations").json()["items"]
    }
    _is_nobody(deployment, page, life)
    _may_come_anew(bot, admin, named, life)
    # Last, for who fails to sign in is counted for a while under the handle that was typed.
    assert page.post("/auth/login", json={"handle": life.handle, "password": PASSWORD}).status_code == 401


def _is_nobody(deployment, page, life):
    """Whatever they could be believed by is not believed any more."""
    assert page.get("/auth/session").json() == {"signed_in": False, "user": None, "method": None, "expires_at": None}
    with deployment.client() as program:
        for credential in (life.key, life.token):
            answer = program.get("/users/me/sessions", headers={"Authorization": f"Bearer {credential}"})
            assert answer.status_code == 401, answer.text


def _may_come_anew(bot, admin, named, life):
    """Whom a bot names by the same Discord id is somebody new, whom an admin may delete, again and again."""
    user = {"user": {"discord_id": life.snowflake, "display_name": "Somebody new"}}
    answer = bot.post(f"{life.past}/ratings", json=user | {"rating": 1})
    assert answer.status_code in {201, 403}, answer.text
    new = bot.get(f"/users/discord/{life.snowflake}").json()["id"]
    assert new not in {life.id, life.old}
    for _ in range(2):
        assert admin.delete(f"/admin/users/{new}?reason=They asked us to.").status_code == 204
        assert admin.delete(f"/admin/users/{life.id}").status_code == 204
    gone(named, life.words | {new})
