"""What is secret is told to whom it was made for, once, and to nobody else: no answer, no log, no event, no row."""

import re
import secrets
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tests import beneath
from tests.fakes.oauth import CLIENT_SECRET
from tests.system.browser import browsing
from tests.system.deployments import SERVICES
from tests.system.wire import Wire

PASSWORD = f"canary-password-{secrets.token_urlsafe(16)}"
TOKEN = str(uuid4())
EMAIL = "canary-address@example.org"
# Where a secret is made, it is told; a worker is told what it needs to ask a provider.
TELLING = re.compile(
    "POST /(auth/token|users/me/keys|admin/keys|admin/keys/[^/]+/rotate|internal/users/[^/]+/tokens/[^/]+)$"
)


class Heard:
    """All answers of the system, apart from those whose purpose is to tell a secret; and the secrets of these."""

    def __init__(self):
        self.answers, self.secrets = {}, {PASSWORD, EMAIL, TOKEN, CLIENT_SECRET}

    def keep(self, answer):
        answer.read()
        request = f"{answer.request.method} {answer.request.url.path}"
        for cookie in answer.headers.get_list("set-cookie"):
            if secret := re.match("(?:__Host-)?sidetrack=([^;]{20,})", cookie):
                self.secrets.add(secret[1])
        told = dict(answer.headers) | {"set-cookie": ""}
        if answer.is_success and TELLING.match(request):
            whole = answer.json()
            self.secrets.update(whole[name] for name in ("key", "access_token", "refresh_token") if whole.get(name))
        else:
            self.answers[request, len(self.answers)] = f"{told} {answer.text}"

    @property
    def hooks(self):
        return {"response": [self.keep]}


@pytest.fixture
def wire(standalone_deployment):
    wire = Wire(standalone_deployment, SERVICES)
    yield wire
    wire.close()


@contextmanager
def asking(standalone_deployment, heard, key=None):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with standalone_deployment.client(headers=headers, event_hooks=heard.hooks) as client:
        yield client


def test_a_secret_is_told_where_it_is_made_and_nowhere_else(standalone_deployment, providers, wire):
    heard = Heard()
    for kind in ("discord", "spotify"):
        providers[kind].user = f"{secrets.randbelow(10**15) + 1}"
        providers[kind].shown = providers[kind].shown | {"email": EMAIL}
    providers["listenbrainz"].users[TOKEN] = "Lou"
    own = {"Origin": standalone_deployment.url, "Sec-Fetch-Site": "same-origin"}
    with browsing(standalone_deployment, event_hooks=heard.hooks) as (page, follow):
        page.headers.update(own)
        user_id, handle = _sign_up(page)
        for provider in ("discord", "spotify", "lastfm"):
            follow(page.post(f"/auth/{provider}/link").json()["authorize_url"])
        page.post("/auth/listenbrainz/link", json={"token": TOKEN}).raise_for_status()
        page.post("/users/me/keys", json={"name": "A player"}).raise_for_status()
        _use_a_token(standalone_deployment, heard, handle)
        _make_mistakes(page, handle)
        with (
            asking(standalone_deployment, heard, standalone_deployment.admin_key) as admin,
            asking(standalone_deployment, heard, standalone_deployment.keys.api["SIDETRACK_WORKER_KEY"]) as worker,
            asking(standalone_deployment, heard, standalone_deployment.bot_key) as bot,
            asking(standalone_deployment, heard) as nobody,
        ):
            made = admin.post("/admin/keys", json={"kind": "bot", "name": "A bot"}).raise_for_status().json()
            admin.post(f"/admin/keys/{made['id']}/rotate", json={}).raise_for_status()
            for provider in ("spotify", "lastfm", "listenbrainz"):
                worker.post(f"/internal/users/{user_id}/tokens/{provider}").raise_for_status()
            for client in (page, admin, worker, bot, nobody):
                _ask_everything(client, user_id)
        page.post("/auth/logout").raise_for_status()

    known = heard.secrets | set(standalone_deployment.api_keys.values()) | {standalone_deployment.keys.role_secret}
    for fake in providers.values():
        known |= (
            set(getattr(fake, "access", ())) | set(getattr(fake, "refresh", ())) | set(getattr(fake, "sessions", ()))
        )
    assert len(known) > 20
    told = heard.answers | {("the log", 0): standalone_deployment.processes["up"].log}
    events = wire.ask("SELECT to_jsonb(events)::text FROM overheard.events")
    told |= {("events", 0): "".join(row[0] for row in events)}
    told |= {(table, 0): text for table, text in beneath.rows(standalone_deployment.home).items()}
    assert len(told["events", 0]) > 1000
    found = {(place, secret) for (place, _), text in told.items() for secret in known if beneath.holds(text, secret)}
    assert found == set()


def _sign_up(page):
    handle = f"canary-{uuid4().hex[:12]}"
    body = {"handle": handle, "password": PASSWORD}
    page.post("/auth/register", json=body).raise_for_status()
    page.post("/auth/login", json=body).raise_for_status()
    return page.get("/auth/session").json()["user"]["id"], handle


def _use_a_token(standalone_deployment, heard, handle):
    with asking(standalone_deployment, heard) as program:
        grant = {"grant_type": "password", "handle": handle, "password": PASSWORD}
        pair = program.post("/auth/token", json=grant).raise_for_status().json()
        again = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        pair = program.post("/auth/token", json=again).raise_for_status().json()
        program.get("/users/me/sessions", headers={"Authorization": f"Bearer {pair['access_token']}"})
        program.get("/users/me/sessions", headers={"Authorization": f"Bearer {pair['access_token']}x"})
        program.get(f"/club/weeks?token={pair['access_token']}")


def _make_mistakes(page, handle):
    """With the secret at the wrong place, too much of it, or of another kind: the refusal does not repeat it."""
    answers = [
        page.post("/auth/login", json={"handle": PASSWORD, "password": PASSWORD}),
        page.post("/auth/login", json={"handle": handle, "password": [PASSWORD]}),
        page.post("/auth/login", json={"handle": handle, "password": PASSWORD * 100}),
        page.post("/auth/register", json={"handle": handle, "password": PASSWORD, "more": PASSWORD}),
        page.post("/auth/password", json={"password": PASSWORD, "old": PASSWORD}),
        page.post("/auth/token", json={"grant_type": "password", "refresh_token": PASSWORD}),
        page.post("/auth/listenbrainz/link", json={"token": {"token": TOKEN}}),
        page.post("/auth/login", content=f'{{"handle": "{handle}", "password": "{PASSWORD}"'),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers)


def _ask_everything(client, user_id):
    """Each address that is read."""
    for template, methods in client.get("/openapi.json").json()["paths"].items():
        if "get" in methods and not template.endswith("/callback"):
            client.get(
                template.replace("{user_id}", user_id).replace("{slug}", "main").replace("{", "").replace("}", "")
            )
