"""A member whom the bot made claims their account while votes keep arriving, on both topologies."""

from itertools import cycle
from uuid import UUID, uuid4

import pytest

from tests.homes import until
from tests.system.browser import follow
from tests.system.meanwhile import meanwhile

PASSWORD = "four words of one's own"
ALBUMS = [{"title": title, "artist": "Joni Mitchell"} for title in ("Blue", "Hejira", "Mingus")]
# All that services hold but what they have already handled, and when a key was last used.
TABLES = {
    "identity": ("users", "linked_accounts", "user_aliases", "audit"),
    "club": (
        *("members", "user_aliases", "ballots", "votes", "ballot_secrets", "ballot_links", "nominations"),
        *("nominators", "ratings", "rating_states", "participants", "roster", "bars", "audit"),
    ),
    "listening": ("users", "user_aliases", "sightings", "plays", "days", "user_items"),
    "taste": ("votes", "ratings", "user_aliases"),
}
OLD_ONES = """
    SELECT count(*) FROM (
        SELECT user_id FROM club.ballots UNION ALL SELECT user_id FROM club.votes
        UNION ALL SELECT user_id FROM club.nominators UNION ALL SELECT user_id FROM club.nominations
        UNION ALL SELECT user_id FROM club.ratings WHERE withdrawn_at IS NULL
        UNION ALL SELECT user_id FROM club.participants
        UNION ALL SELECT user_id FROM taste.ratings WHERE NOT withdrawn
        UNION ALL SELECT user_id FROM taste.votes WHERE first IS NOT NULL
        UNION ALL SELECT user_id FROM identity.linked_accounts
    ) AS whose WHERE user_id = $1
"""
# What taste keeps of the survivor and what the club has, where they differ.
BEHIND = """
    SELECT count(*) FROM (
        (SELECT week_id, version FROM club.ballots WHERE user_id = $1
         UNION ALL SELECT week_id, version FROM club.ratings WHERE user_id = $1)
        EXCEPT
        (SELECT week_id, version FROM taste.votes WHERE user_id = $1
         UNION ALL SELECT week_id, version FROM taste.ratings WHERE user_id = $1)
    ) AS missing
"""
ALIASES = " UNION ALL ".join(f"SELECT survivor_id FROM {each}.user_aliases WHERE old_id = $1" for each in TABLES)


@pytest.fixture
def standing(learned):
    """`standing()`: a hash of every row that services hold of people and what they did."""

    def read():
        hashes = (
            f"SELECT coalesce(sum(hashtextextended('{service}.{table}' || to_jsonb(t)::text, 0)), 0) AS h "
            f"FROM {service}.{table} AS t"
            for service, tables in TABLES.items()
            for table in tables
        )
        return learned(f"SELECT sum(h) FROM ({' UNION ALL '.join(hashes)}) AS hashes")

    return read


@pytest.fixture
def voting(deployment):
    """`with voting(here, user, choices) as answers:` the same person votes now for one and now for another."""

    def arriving(here, user, choices):
        ballots = cycle([{"first": first, "second": second} for first, second in choices])

        def vote(client):
            return client.put(f"{here}/ballots/{user}", json=next(ballots))

        return meanwhile(deployment, vote, vote)

    return arriving


@pytest.fixture
def unite_as_admin(admin):
    """`unite_as_admin(old, survivor, snowflake)`"""

    def unite(old, survivor, snowflake):
        merge = {"from": old, "into": survivor, "reason": "They showed that the account on Discord is theirs."}
        merged = admin.post("/admin/users/merge", json=merge)
        assert (merged.status_code, merged.json()["id"], merged.json()["discord_id"]) == (200, survivor, snowflake)

    return unite


@pytest.fixture
def unite(request, page, unite_as_admin, providers):
    """`unite(old, survivor, snowflake)`: the page's own person becomes who the bot knows, by one way or the other."""

    def by_linking(old, survivor, snowflake):
        providers["discord"].user = snowflake
        answer = follow(page, page.post("/auth/discord/link?next=/me").json()["authorize_url"])
        assert (answer.status_code, answer.headers.get("location")) == (303, "/me"), answer.text

    return unite_as_admin if request.param == "an admin" else by_linking


def listen(user, seconds, source="lastfm"):
    track = {"title": "Coyote", "artist": "Joni Mitchell"}
    return {"user": user, "track": track, "listened_at": 1_763_496_000 + seconds, "source": source}


def _listen_as_both(admin, one, other):
    told = [listen(one, 0), listen(one, 600), listen(one, 610, "maloja"), listen(other, 0), listen(other, 1200)]
    assert admin.post("/listens/bulk", json={"listens": told}).json()["inserted"] == 5


def _have_listened_as_one(bot, old, survivor):
    until(lambda: bot.get(f"/users/{old}/summary?period=all").json()["plays"]["now"] == 3)
    recent = bot.get(f"/users/{survivor}/listens/recent").json()["items"]
    assert [each["sources"] for each in recent] == [["lastfm"], ["lastfm", "maloja"], ["lastfm"]]


def actions(admin, subject):
    """What the audit of all services tells of somebody."""
    return {each["action"] for each in admin.get(f"/admin/audit?subject_id={subject}").json()["items"]}


@pytest.mark.parametrize(
    ("deployment", "unite"),
    [
        ("standalone", "who links Discord"),
        ("distributed", "an admin"),
        pytest.param("standalone", "an admin", marks=pytest.mark.prove),
        pytest.param("distributed", "who links Discord", marks=pytest.mark.prove),
    ],
    indirect=True,
)
def test_a_member_of_discord_claims_their_account_while_votes_arrive_and_all_services_agree(
    deployment, bot, admin, page, post, learned, at_rest, standing, voting, unite, unite_as_admin
):
    snowflake, number = str(uuid4().int >> 65), uuid4().int % 900_000
    wren, oskar = {"discord_id": snowflake, "display_name": "Wren ♪"}, {"discord_id": str(uuid4().int >> 65)}
    past, here = (f"/club/weeks/{post('/club/weeks', {'number': number + each})['id']}" for each in (0, 1))
    for week in (past, here):
        chosen = [post(f"{week}/nominations", {"user": oskar, "album": ALBUMS[0]})["id"]]
        chosen.append(post(f"{week}/nominations", {"user": wren, "album": ALBUMS[1]})["id"])
        other = {"discord_id": str(uuid4().int >> 65)}
        chosen.append(post(f"{week}/nominations", {"user": other, "album": ALBUMS[2]})["id"])
        bot.put(f"{week}/ballots/discord:{snowflake}", json={"first": chosen[0]}).raise_for_status()
    post(f"{past}/advance", {"to": "rating"})
    post(f"{past}/ratings", {"user": wren, "rating": 4.5, "review": "Honest."})
    old = bot.get(f"/users/discord/{snowflake}").json()["id"]

    account = {"handle": f"wren-{uuid4().hex[:12]}", "password": PASSWORD}
    survivor = page.post("/auth/register", json=account).json()["user"]["id"]
    # One listen that both have, one of each besides, and one of a second source.
    _listen_as_both(admin, wren, {"user_id": survivor})
    whose = old, survivor, snowflake
    with voting(here, f"discord:{snowflake}", [(chosen[0], chosen[2]), (chosen[2], chosen[0])]) as answers:
        until(lambda: len(answers) > 5)
        unite(*whose)
        assert bot.get(f"/users/discord/{snowflake}").json()["id"] == survivor
        until(lambda: learned(f"SELECT count(*) FROM ({ALIASES}) AS known", UUID(old)) == len(TABLES))
        after = len(answers)
        until(lambda: len(answers) > after + 5)
    assert {answer.status_code for answer in answers} == {200}
    newest = max((answer.json() for answer in answers), key=lambda ballot: ballot["number"])
    assert newest["user"]["id"] == survivor

    until(lambda: learned(OLD_ONES, UUID(old)) == learned(BEHIND, UUID(survivor)) == 0)
    for user in ("me", survivor, old, f"discord:{snowflake}"):
        reader = page if user == "me" else bot
        ballot = reader.get(f"{here}/ballots/{user}").json()
        assert (ballot["user"]["id"], ballot["first"]) == (survivor, newest["first"])
        rating = reader.get(f"{past}/ratings/{user}").json()
        assert (rating["user"]["id"], rating["rating"], rating["review"]) == (survivor, 4.5, "Honest.")
    _have_listened_as_one(bot, old, survivor)
    leaders = {each["nominator"]["id"] for each in bot.get(f"{here}/nominations").json()["items"]}
    assert leaders & {survivor, old} == {survivor}
    assert bot.get(f"{here}/votes/summary").json()["ballots"] == 1
    assert bot.get(f"/users/{old}").json() == bot.get(f"/users/{survivor}").json()
    assert {"user.merged", "member.merged"} <= actions(admin, old)

    post(f"{here}/advance", {"to": "discussing"})
    result = bot.get(f"{here}/result").json()
    assert result["ballots"] == 1
    (deployment.home / "result.json").write_text(bot.get(f"{here}/result").text)
    assert "what its 1 ballots" in deployment.command("verify", str(deployment.home / "result.json"))

    until(lambda: learned(BEHIND, UUID(survivor)) == 0)
    before = at_rest(standing)
    unite_as_admin(*whose)
    deployment.command("reannounce", "identity", "user", "--to", "club.merge_member")
    deployment.command("reannounce", "identity", "user", "--to", "taste.merge_user")
    until(lambda: learned("SELECT count(*) FROM identity.outbox") == 0)
    assert at_rest(standing) == before
