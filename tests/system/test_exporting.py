"""Somebody who did everything takes it along, on both topologies: all of it, nothing of others, and no secret."""

import json

from tests.homes import until
from tests.system.lives import PASSWORD, Life

SECRETS = """
    SELECT coalesce(string_agg(DISTINCT encode(secret, 'hex'), ' '), '') FROM (
        SELECT secret_hash FROM identity.sessions UNION ALL SELECT secret_hash FROM identity.api_keys
        UNION ALL SELECT secret_hash FROM identity.refresh_tokens UNION ALL SELECT salt_key FROM club.ballot_secrets
        UNION ALL SELECT seed FROM club.polls
    ) AS all_of_them (secret)
"""


def gathered(page):
    asked = page.post("/users/me/export")
    assert asked.status_code == 202, asked.text
    assert page.post("/users/me/export").json()["id"] == asked.json()["id"]
    until(lambda: page.get("/users/me/export").json()["state"] == "ready")
    assert set(page.get("/users/me/export").json()["services"].values()) == {"gathered"}
    archive = page.get("/users/me/export/archive")
    assert (archive.status_code, archive.headers["cache-control"]) == (200, "no-store")
    return archive.text


def test_everything_that_somebody_did_is_in_their_export(deployment, bot, admin, page, learned):
    life = Life(deployment, bot, admin, page)
    text = gathered(page)
    told, club = json.loads(text), json.loads(text)["club"]
    assert told["user"]["id"] == life.id
    assert [*told][-4:] == ["identity", "club", "listening", "taste"]

    slug = life.club.rpartition("/")[2]
    assert [(each["club"], each["role"]) for each in club["memberships"]] == [(slug, "host")]
    assert [each["reason"] for each in club["bars"]] == ["Voted twice."]
    assert [(each["week"], each["pitch"], each["album"]["title"]) for each in club["nominations"]] == [
        (week, life.review, "Clouds") for week in (1, 2)
    ]
    assert [(each["week"], each["first"]["title"]) for each in club["ballots"]] == [(1, "Blue"), (2, "Blue")]
    assert [(each["rating"], each["review"]) for each in club["ratings"]] == [(4.5, life.review)]
    assert [(each["rating"], each["review"]) for each in club["rating_history"]] == [(4.5, life.review)]
    assert [(each["rating"], each["review"]) for each in club["diary"]] == [(5, life.review)]

    own = told["identity"]
    assert (own["profile"][0]["handle"], own["profile"][0]["bio"]) == (life.handle, life.review)
    assert [each["id"] for each in own["other_ids"]] == [life.old]
    assert [(each["provider"], each["account"]) for each in own["linked_accounts"]] == [("discord", life.snowflake)]
    assert ([each["name"] for each in own["keys"]], len(own["following"])) == (["A player"], 1)
    assert ([each["name"] for each in own["clients"]], len(own["sessions"])) == (["A program"], 1)
    assert {each["kind"] for each in own["activity"]} >= {"followed"}
    assert {each["id"] for each in told["listening"]["profile"]} == {life.id, life.old}
    assert [(each["title"], each["source"]) for each in told["listening"]["listens"]] == [("River", "navidrome")] * 3
    assert [each["code"] for each in told["listening"]["quarantined"]] == ["too_early"]
    assert [each["origin"] for each in told["taste"]["outside"]] == ["a-worker"]
    assert {each["half_steps"] for each in told["taste"]["ratings"] if not each["withdrawn"]} == {9}

    others = {each["user"]["display_name"]: each["user"] for each in members(bot, life)}
    for name in ("Other 0", "Other 1", "Other 2"):
        assert not [word for word in (name, others[name]["discord_id"]) if word in text]
        assert others[name]["id"] not in json.dumps([club, told["taste"], told["listening"]])
    known = {PASSWORD, life.key, life.token, deployment.bot_key, *page.cookies.values(), *learned(SECRETS).split()}
    assert not {secret for secret in known if secret in text}


def members(bot, life):
    return bot.get(f"{life.club}/members").raise_for_status().json()["items"]
