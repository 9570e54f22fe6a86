"""Two albums turn out to be one, and then are two again, on both topologies: every service reads them alike."""

from uuid import UUID, uuid4

import pytest

from tests.homes import until

SERVICES = ("catalog", "club", "listening", "taste")
MEANS = " UNION ALL ".join(
    f"SELECT survivor_id FROM {each}.album_aliases WHERE old_id = $1 AND survivor_id = $2" for each in SERVICES
)
# What a closed week is made of.
KEPT = ("nominations", "ratings", "rating_counts", "results", "ballots", "votes", "ballot_links")
ALIKE = " UNION ALL ".join(
    f"SELECT hashtextextended('{table}' || to_jsonb(t)::text, 0) AS h FROM club.{table} AS t WHERE week_id = $1"
    for table in KEPT
)
ALIASES = " UNION ALL ".join(
    f"SELECT hashtextextended('{each}' || (to_jsonb(t) - 'at')::text, 0) AS h FROM {each}.album_aliases AS t"
    for each in SERVICES
)
# What a closed week still has to reveal, which it does by itself, some seconds after it was closed.
UNSEEN = (
    "SELECT (SELECT count(*) FROM club.ratings WHERE week_id = $1 AND visible_from IS NULL)"
    " + (SELECT count(*) FROM club.ballots WHERE week_id = $1 AND NOT revealed)"
)
HANDLERS = ("club.merge_album", "listening.merge_album", "taste.merge_album")


@pytest.fixture
def means(learned):
    """`means(old, album)`: once every service takes the one for the other."""

    def wait(old, album):
        until(lambda: learned(f"SELECT count(*) FROM ({MEANS}) AS known", UUID(old), UUID(album)) == len(SERVICES))

    return wait


def member():
    return {"discord_id": str(uuid4().int >> 65)}


def readings(bot, *weeks):
    """All that the club answers of the weeks' albums, but for their results."""
    parts = ("", "/nominations", "/ratings", "/votes/summary")
    return [bot.get(f"{week}{part}").json() for week in weeks for part in parts]


@pytest.fixture
def played(post, learned):
    """A closed week that an album won as somebody typed it, a week it is nominated in, and what it turns out to be."""
    name, number = uuid4().hex[:12], uuid4().int % 900_000
    typed = {"title": f"Blue {name}", "artist": "Joni Mitchel"}
    true = {"title": f"Blue {name}", "artist": "Joni Mitchell", "year": 1971}
    past, here = (f"/club/weeks/{post('/club/weeks', {'number': number + each})['id']}" for each in (0, 1))
    won = post(f"{past}/nominations", {"user": (ida := member()), "album": typed})
    post(f"{past}/votes", {"user": (ben := member()), "nomination_id": won["id"], "rank": 1})
    post(f"{past}/advance", {"to": "rating"})
    post(f"{past}/ratings", {"user": ida, "rating": 4.5, "review": "Blue."})
    post(f"{past}/advance", {"to": "closed"})
    post(f"{here}/nominations", {"user": ida, "album": typed})
    old, blue = won["album"]["id"], post("/music/albums", true)["id"]
    until(lambda: learned("SELECT count(*) FROM club.albums WHERE id = $1", UUID(blue)) == 1)
    until(lambda: learned("SELECT count(*) FROM taste.ratings WHERE album_id = $1", UUID(old)) == 1)
    until(lambda: learned(UNSEEN, UUID(past.rpartition("/")[2])) == 0)
    return past, here, old, blue, ben


def test_a_merge_is_read_everywhere_and_an_undo_brings_everything_back(
    deployment, bot, admin, post, learned, at_rest, means, played
):
    past, here, old, blue, ben = played
    kept = f"SELECT coalesce(sum(h), 0) FROM ({ALIKE}) AS hashes"
    week = UUID(past.rpartition("/")[2])
    before, rows = readings(bot, past, here), at_rest(lambda: learned(kept, week))
    result = bot.get(f"{past}/result").content
    top = _listened(bot, admin, ben, old, blue)
    until(lambda: top() == {old: 1, blue: 1})
    path = f"/admin/albums/{old}"
    preview = admin.get(f"{path}/merge", params={"into": blue}).raise_for_status().json()
    wish = {"into": blue, "reason": "One album, typed twice."}
    merged = admin.post(f"{path}/merge", json=wish).raise_for_status().json()
    assert (merged["diff"], merged["album"]["id"]) == (preview, blue)

    means(old, blue)
    assert top() == {blue: 2}
    told = bot.get(f"/music/albums/{blue}").json()
    assert bot.get(f"/music/albums/{old}").json() == told
    assert merged["album"].items() <= told.items()
    after = readings(bot, past, here)
    assert (old in str(before), old in str(after), blue in str(after)) == (True, False, True)
    assert bot.get(past).json()["winner"]["artist"] == "Joni Mitchell"
    joined = post(f"{here}/nominations", {"user": ben, "album": {"album_id": blue}})
    assert joined["album"]["id"] == blue
    assert len(bot.get(f"{here}/nominations").json()["items"]) == 1
    assert bot.get(f"{past}/result").content == result
    (deployment.home / "result.json").write_bytes(result)
    assert "what its 1 ballots" in deployment.command("verify", str(deployment.home / "result.json"))

    aliases = f"SELECT coalesce(sum(h), 0) FROM ({ALIASES}) AS hashes"
    now = at_rest(lambda: learned(aliases))
    assert admin.post(f"{path}/merge", json=wish).json() == merged
    for handler in HANDLERS:
        deployment.command("reannounce", "catalog", "album", "--to", handler)
    deployment.command("reannounce", "catalog", "album", "--to", "club.copy_album")
    until(lambda: learned("SELECT count(*) FROM catalog.outbox") == 0)
    assert at_rest(lambda: learned(aliases)) == now
    assert bot.get(f"{past}/result").content == result

    back = admin.post(f"{path}/undo", json={"reason": "They are two."}).raise_for_status().json()
    assert back["album"]["id"] == old
    means(old, old)
    assert top() == {old: 1, blue: 1}
    until(lambda: learned("SELECT count(*) FROM club.albums WHERE id = $1 AND artist = 'Joni Mitchel'", UUID(old)) == 1)
    assert readings(bot, past) == before[: len(before) // 2]
    assert [each["album"]["id"] for each in bot.get(f"{here}/nominations").json()["items"]] == [old]
    assert bot.get(f"{past}/result").content == result
    assert {bot.get(f"/music/albums/{each}").json()["id"] for each in (old, blue)} == {old, blue}
    deployment.command("reannounce", "catalog", "album", "--to", "club.merge_album")
    until(lambda: learned("SELECT count(*) FROM catalog.outbox") == 0)
    assert readings(bot, past) == before[: len(before) // 2]
    actions = {each["action"] for each in admin.get(f"/admin/audit?subject_id={old}").json()["items"]}
    assert {"album.merged", "album.unmerged"} <= actions
    assert learned(kept, week) == rows


def _listened(bot, admin, ben, old, blue):
    """Ben played both; what says how often he played which album."""
    for at, each in enumerate((old, blue)):
        album = bot.get(f"/music/albums/{each}").json()
        track = {"title": "River", "artist": album["artist"], "album": album["title"]}
        listen = {"user": ben, "track": track, "listened_at": 1_763_496_000 + 600 * at, "source": "lastfm"}
        assert admin.post("/listens/bulk", json={"listens": [listen]}).json()["inserted"] == 1
    person = bot.get(f"/users/discord/{ben['discord_id']}").json()["id"]

    def top():
        told = bot.get(f"/users/{person}/summary?period=all").json()["top_albums"]
        return {each["album"]["id"]: each["plays"] for each in told}

    return top
