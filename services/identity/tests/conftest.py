"""The identity service under test: in one rolled-back transaction, or live, with connections of its own."""

import base64
import json
import os
import secrets
from contextlib import asynccontextmanager

import httpx2
import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import select, text
from tests.fakes import lastfm as lastfm_fake
from tests.fakes.discord import FakeDiscord
from tests.fakes.lastfm import FakeLastFm
from tests.fakes.listenbrainz import FakeListenBrainz
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.spotify import FakeSpotify
from tests.servers import free_port

from chassis.testing import Scripted, trusted_keys
from identity.main import app as identity
from identity.models import LinkedAccount, User
from identity.passwords import hashing
from identity.vault.cipher import vault_at_hand

KEY = OKPKey.generate_key("Ed25519", {"kid": "identity-test"})
PASSWORD = "four words of one's own"

HOME = "http://127.0.0.1:8000"
TIMEOUT = 2.0


@pytest.fixture
def app():
    return identity


@pytest.fixture
def club():
    """The club, as identity may call it: it takes whatever it is told of people."""
    return Scripted({"POST /internal/members/privacy": lambda told: told}, "club")


@pytest.fixture
def listening():
    """Listening, likewise."""
    return Scripted({"POST /internal/listeners/privacy": lambda told: told}, "listening")


@pytest.fixture
def taste():
    """And taste."""
    return Scripted({"POST /internal/tasters/privacy": lambda told: told}, "taste")


@pytest.fixture
def stage(stage, club, listening, taste):
    stage.app.state.neighbours = {"club": club, "listening": listening, "taste": taste}
    return stage


@pytest.fixture
def make_key():
    """A key as `sidetrack keys` would make it; of an id, when one is given."""

    def make(key_id: str | None = None) -> str:
        return f"sdt_{key_id or secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"

    return make


@pytest.fixture
def environment(test_settings, monkeypatch):
    """Sets what identity reads when it starts. The bus is away, so what is announced stays to be counted."""
    settings = {
        "DATABASE_URL": test_settings.database_url,
        "ROLE_SECRET": test_settings.role_secret.get_secret_value(),
        "TRUSTED_KEYS": json.dumps(trusted_keys()),
        "CLUB_URL": f"http://127.0.0.1:{free_port()}",
        "LISTENING_URL": f"http://127.0.0.1:{free_port()}",
        "TASTE_URL": f"http://127.0.0.1:{free_port()}",
        "BUS_URL": f"amqp://127.0.0.1:{free_port()}/",
    }

    def set_(**more: str) -> None:
        for name, value in more.items():
            monkeypatch.setenv(f"SIDETRACK_{name}", value)

    set_(**settings)
    return set_


@pytest.fixture
async def start(app, environment):
    """`async with start() as client`: the service with its lifespan, as a process would run it."""

    @asynccontextmanager
    async def started():
        wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=wire, base_url="http://it") as client:
            yield client

    yield started
    async with app.router.lifespan_context(app), app.state.db.transaction() as tx:
        await tx.execute(text("DELETE FROM oauth_states"))
        await tx.execute(text("DELETE FROM sessions"))
        await tx.execute(text("DELETE FROM linked_accounts"))
        await tx.execute(text("DELETE FROM api_keys"))
        await tx.execute(text("DELETE FROM activities"))
        await tx.execute(text("DELETE FROM follows"))
        await tx.execute(text("DELETE FROM blocks"))
        await tx.execute(text("DELETE FROM users"))
        await tx.execute(text("DELETE FROM outbox"))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """What makes a hash hard to guess would make the tests slow."""
    monkeypatch.setattr(hashing, "MEMORY_KIB", 8)
    monkeypatch.setattr(hashing, "PASSES", 1)


@pytest.fixture
def own_key(stage):
    """Identity signs access tokens with this key, and trusts it."""
    state = stage.app.state
    trusted = state.settings.trusted_keys | {"identity": [dict(KEY.as_dict(private=False))]}
    more = {"signing_key": KEY.as_dict(private=True), "trusted_keys": trusted}
    state.settings = state.settings.model_copy(update=more)


@pytest.fixture
def visit(client, sign, own_key):
    """`await visit("POST", "/auth/login", {…}, by=…)`: as the gateway sends it on for a browser on this machine."""

    async def ask(method, path, body=None, by=None, **headers):
        told = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https", "x-forwarded-host": "club.example"}
        by = sign("anonymous") if by is None else by
        return await client.request(method, path, json=body, headers=told | by | headers)

    return ask


@pytest.fixture
def register(visit):
    """`await register("wren")`: the answer."""

    async def make(handle="wren", password=PASSWORD, **more):
        return await visit("POST", "/auth/register", {"handle": handle, "password": password} | more)

    return make


@pytest.fixture
def person(stage):
    """`await person("Ida", handle="ida")`: somebody who is there."""

    async def make(name, **facts):
        if handle := facts.get("handle"):
            facts.setdefault("handle_looks", handle)
        async with stage.db.transaction() as tx:
            tx.add(user := User(display_name=name, **facts))
        return user

    return make


@pytest.fixture
def fakes(monkeypatch):
    """`fakes(FakeDiscord, …)`: the providers, set up as the service expects them; the service has a vault key."""
    running, vault_key = [], base64.b64encode(os.urandom(32)).decode()
    named = {"PUBLIC_URL": HOME, "PROVIDER_TIMEOUT": str(TIMEOUT), "VAULT_KEYS": f"test0001:{vault_key}"}

    def set_(**settings: str) -> None:
        for name, setting in settings.items():
            monkeypatch.setenv(f"SIDETRACK_{name}", setting)

    def start_(kind):
        fake = kind().__enter__()
        running.append(fake)
        set_(**_addresses(fake))
        return fake

    set_(**named)
    yield start_
    for fake in running:
        fake.__exit__(None, None, None)


def _addresses(fake):
    if isinstance(fake, FakeListenBrainz):
        return {"LISTENBRAINZ_URL": fake.url}
    if isinstance(fake, FakeLastFm):
        keys = {"LASTFM_API_KEY": lastfm_fake.API_KEY, "LASTFM_SECRET": lastfm_fake.SECRET}
        return {"LASTFM_URL": fake.url, "LASTFM_API_URL": fake.url, **keys}
    name = "DISCORD" if isinstance(fake, FakeDiscord) else "SPOTIFY"
    fake.redirect_uris.add(f"{HOME}/auth/{name.lower()}/callback")
    bases = ["DISCORD_URL"] if name == "DISCORD" else ["SPOTIFY_ACCOUNTS_URL", "SPOTIFY_API_URL"]
    keys = {f"{name}_CLIENT_ID": CLIENT_ID, f"{name}_CLIENT_SECRET": CLIENT_SECRET}
    return dict.fromkeys(bases, fake.url) | keys


@pytest.fixture
def discord(fakes):
    return fakes(FakeDiscord)


@pytest.fixture
def spotify(fakes):
    return fakes(FakeSpotify)


@pytest.fixture
def lastfm(fakes):
    return fakes(FakeLastFm)


@pytest.fixture
def listenbrainz(fakes):
    return fakes(FakeListenBrainz)


class Door(httpx2.AsyncBaseTransport):
    """What the gateway does for a browser: says who is asking, and hands on the cookie of a begun sign-in."""

    def __init__(self, app, sign):
        self._inside, self._sign = httpx2.ASGITransport(app, raise_app_exceptions=False), sign
        self.user = None

    async def handle_async_request(self, request):
        whom = ("user", str(self.user)) if self.user else ("anonymous", None)
        cookies = request.headers.pop("cookie", "").split("; ")
        request.headers.update(self._sign(*whom))
        if begun := [each for each in cookies if "sidetrack_oauth=" in each]:
            request.headers["x-sidetrack-oauth"] = "; ".join(begun)
        return await self._inside.handle_async_request(request)


class Browser(httpx2.AsyncClient):
    """Keeps cookies and follows redirects, from Sidetrack to a provider and back. `door.user` is who is signed in."""

    def __init__(self, door, **options):
        self.door = door
        super().__init__(mounts={HOME: door}, base_url=HOME, follow_redirects=True, **options)

    async def agree(self, authorize_url):
        """Opens the provider's page, where the member agrees, and comes back from there."""
        return await self.get(authorize_url)

    async def callback(self, authorize_url):
        """The same, but for the last step: where the provider sends the browser back to."""
        answer = await self.get(authorize_url, follow_redirects=False)
        assert answer.is_redirect, answer.text
        return answer.headers["location"]


@pytest.fixture
def door_to(app, sign):
    """A browser of nobody yet, for a service that was started."""
    return lambda: Browser(Door(app, sign))


@pytest.fixture
async def browsers(stage, app, sign):
    """`browsers(user_id)`: a browser of its own, in which this member is signed in, or nobody."""
    opened = []

    def open_(user_id=None):
        browser = Browser(Door(app, sign))
        browser.door.user = user_id
        opened.append(browser)
        return browser

    yield open_
    for browser in opened:
        await browser.aclose()


@pytest.fixture
def make_user(stage):
    async def make(name="Wren"):
        async with stage.db.transaction() as tx:
            tx.add(user := User(display_name=name))
        return user.id

    return make


@pytest.fixture
def principal(client, sign):
    """`await principal(session=…)`: whom it stands for, as the gateway asks; None for nobody."""

    async def ask(**credential):
        answer = await client.post("/internal/principals", json=credential, headers=sign("service"))
        assert answer.status_code in {200, 401}, answer.text
        return answer.json() if answer.status_code == 200 else None

    return ask


@pytest.fixture
def me(sign):
    """`me(ida)`: the headers by which the gateway speaks for a person, or for whom `principal` has told of."""

    def headers(who):
        if isinstance(who, User):
            return sign("user", str(who.id))
        return sign("user", who["id"], who["scopes"], who["credential"])

    return headers


@pytest.fixture
def change(client, me):
    async def send(user, **body):
        return await client.patch("/users/me", json=body, headers=me(user))

    return send


@pytest.fixture
def read(client, sign):
    async def get(path, by=None):
        return await client.get(path, headers=sign("anonymous") if by is None else by)

    return get


@pytest.fixture
def accounts(stage):
    """`await accounts()`: the linked accounts as they are stored, by provider and account."""

    async def read():
        async with stage.db.transaction() as tx:
            rows = (await tx.scalars(select(LinkedAccount))).all()
            return {(row.provider, row.provider_id): row for row in rows}

    return read


@pytest.fixture
def opened():
    """What lies in the vault for a row."""
    return lambda row: vault_at_hand().open(row.provider, row.provider_id, row.encrypted_tokens)


@pytest.fixture
def refused():
    """`refused(answer)`: status and code of a problem document."""
    return lambda answer: (answer.status_code, answer.json()["code"])


@pytest.fixture
def meet(client, sign):
    """`await meet("175")`: the id of the person with that Discord id."""

    async def put(snowflake, **profile):
        return (await client.put(f"/users/discord/{snowflake}", json=profile, headers=sign())).json()["id"]

    return put
