"""A gateway as a real process, its OpenAPI document, and a week in it to be hostile to."""

from uuid import uuid4

import pytest

from contracts.identity import OSKAR
from tests import beneath
from tests.homes import new_home
from tests.security.surface import operations
from tests.system.deployments import QUICK, standalone

# When a key was last used may change at any time.
CONTENT = "count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)), 0)"
# Whoever asks to sign in leaves a row there, which goes after ten minutes; whoever is refused is counted; tastes are
# computed beside.
TABLES = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    " AND tablename NOT IN ('oauth_states', 'failed_logins', 'profiles', 'artist_listeners', 'stale_profiles')"
)
# All of them are set up, and none is there.
PROVIDERS = {
    f"SIDETRACK_{name}": "x"
    for name in (
        "DISCORD_CLIENT_ID",
        "DISCORD_CLIENT_SECRET",
        "SPOTIFY_CLIENT_ID",
        "SPOTIFY_CLIENT_SECRET",
        "LASTFM_API_KEY",
        "LASTFM_SECRET",
    )
} | {
    f"SIDETRACK_{name}_URL": "http://127.0.0.1:1"
    for name in ("DISCORD", "SPOTIFY_ACCOUNTS", "SPOTIFY_API", "LASTFM", "LASTFM_API", "LISTENBRAINZ")
}


class Place(dict):
    """An id for each name in an address; for those that nothing bears yet, one that nothing bears."""

    def __missing__(self, name):
        return str(uuid4())


@pytest.fixture(scope="session")
def gateway():
    with new_home() as home, standalone(home, QUICK | PROVIDERS) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def bot(gateway):
    """With an admin's key, which may do everything; the club lets everybody nominate much, and vote for their own."""
    with gateway.client(headers={"Authorization": f"Bearer {gateway.admin_key}"}) as client:
        lenient = {"rules": {"nominations_per_member": 25, "self_votes": True}}
        client.put("/clubs/main", json=lenient).raise_for_status()
        yield client


@pytest.fixture(scope="session")
def nobody(gateway):
    with gateway.client() as client:
        yield client


@pytest.fixture(params=["bot", "nobody"])
def caller(request):
    """With a key, so that no missing right hides what is missing in validation; and without."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def surface(nobody):
    return operations(nobody.get("/openapi.json").json())


@pytest.fixture(scope="session")
def with_body(surface):
    return [operation for operation in surface if operation.body]


@pytest.fixture(scope="session")
def make_place(bot, surface):
    """`make_place(number)`: a week with a nomination and a winner, as the document's own examples have them."""
    endpoints = {str(operation): operation for operation in surface}

    def told(path, template, **changes):
        answer = bot.post(path, json=endpoints[f"POST {template}"].example | changes)
        assert answer.is_success, answer.text
        return answer.json()

    def make(number):
        week = told("/club/weeks", "/club/weeks", number=number)
        here, template = f"/club/weeks/{week['id']}", "/club/weeks/{week_id}"
        nomination = told(f"{here}/nominations", f"{template}/nominations")
        told(f"{here}/winner", f"{template}/winner")
        album, user = nomination["album"], nomination["nominator"]
        # Who is only named in an address is met here, and not when a test says that nothing changes.
        bot.put(f"/users/discord/{OSKAR['discord_id']}", json={}).raise_for_status()
        return Place(
            slug="main",
            week_id=week["id"],
            number=number,
            nomination_id=nomination["id"],
            album_id=album["id"],
            artist_id=album["artists"][0]["id"],
            user_id=user["id"],
            snowflake=user["discord_id"],
            user=f"discord:{OSKAR['discord_id']}",
            provider="spotify",
        )

    return make


@pytest.fixture(scope="session")
def place(make_place):
    return make_place(3)


@pytest.fixture(scope="session")
def rows(gateway):
    """`rows()`: by table, how many rows there are and a hash of them, once no event is on its way any more."""
    tables = [f'"{schema}"."{table}"' for schema, table in beneath.fetch(gateway.home, TABLES)]
    counted = " UNION ALL ".join(f"SELECT '{table}', {CONTENT} FROM {table} AS t" for table in tables)
    held = None

    def at_rest():
        nonlocal held
        held = beneath.at_rest(gateway.home, lambda: dict(beneath.fetch(gateway.home, counted)), pause=0.2, held=held)
        return held

    return at_rest


@pytest.fixture
def untouched(rows, place):
    """Fails the test when any row of any service is another one afterwards."""
    before = rows()
    yield
    assert rows() == before
