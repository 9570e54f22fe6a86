"""Every operation, asked for by everybody: as the table says that was written by hand, which misses none."""

import base64
import json
import re
import time
from importlib import import_module
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.errors import Unavailable
from chassis.testing import SERVICE_KEYS
from gateway.routes import SERVICES
from tests import beneath
from tests.security.conftest import Place
from tests.security.matrix import expected
from tests.security.surface import operations

TABLE = expected()
PASSWORD = "four words of one's own"
# In this order: who is refused asks before who changes something.
ASKED = ("nobody", "other", "worker", "user", "bot", "host", "admin")
# What says that one is not believed, and not that a password is wrong.
NOT_BELIEVED = {"unauthenticated", "unknown_key", "unknown_token", "bad_token"}
OWN = ("user", "other", "host")


def row(operation):
    """Of a club's own address the row is that of the default club's."""
    name = str(operation)
    return name if name in TABLE else re.sub(r" /clubs/\{slug\}/", " /club/", name)


def letter(answer):
    code = answer.json().get("code") if answer.status_code in {401, 403, 404} else None
    if answer.status_code == 401 and code in NOT_BELIEVED:
        return "1"
    if answer.status_code == 404 and code == "no_such_address":
        return "-"
    assert answer.status_code < 500 or answer.status_code == 503, (
        f"{answer.request.method} {answer.request.url} {answer.text}"
    )
    return "3" if answer.status_code == 403 else "y"


class People:
    """Three people who signed in, and the keys of the deployment."""

    def __init__(self, gateway, admin):
        self._gateway, self._admin = gateway, admin
        self.ids, self.headers = {}, {"nobody": {}}
        for name in OWN:
            handle = f"{name}-{uuid4().hex[:12]}"
            with gateway.client() as browser, gateway.client() as program:
                made = browser.post("/auth/register", json={"handle": handle, "password": PASSWORD})
                grant = {"grant_type": "password", "handle": handle, "password": PASSWORD}
                token = program.post("/auth/token", json=grant).raise_for_status().json()["access_token"]
            self.ids[name] = made.json()["user"]["id"]
            self.headers[name] = {"Authorization": f"Bearer {token}"}
        for kind, key in gateway.api_keys.items():
            self.headers[kind] = {"Authorization": f"Bearer {key}"}

    def appoint(self):
        """The host is one, whatever became of the roster."""
        roster = [{"user": {"user_id": self.ids["host"]}, "role": "host"}]
        roster += [{"user": {"user_id": self.ids[name]}, "role": "member"} for name in ("user", "other")]
        self._admin.put("/clubs/main/members", json={"members": roster}).raise_for_status()


@pytest.fixture(scope="module")
def people(gateway, bot):
    # What other tests failed to sign in with from here is not to keep these waiting.
    beneath.execute(gateway.home, "DELETE FROM identity.failed_logins")
    return People(gateway, bot)


@pytest.fixture(scope="module")
def things(people, bot, make_place):
    """`things()`: a week in which everything is the user's."""
    numbers = iter(range(700, 999))

    def make():
        people.appoint()
        place = make_place(next(numbers))
        whose = {"user": {"user_id": people.ids["user"]}}
        here = f"/club/weeks/{place['week_id']}"
        nominated = bot.post(
            f"{here}/nominations", json=whose | {"album": {"title": f"Album {uuid4()}", "artist": "Wren"}}
        )
        nomination_id = nominated.raise_for_status().json()["id"]
        bot.post(f"{here}/votes", json=whose | {"nomination_id": place["nomination_id"], "rank": 1}).raise_for_status()
        bot.post(f"{here}/ratings", json=whose | {"rating": 4}).raise_for_status()
        place |= {
            "nomination_id": nomination_id,
            "user": people.ids["user"],
            "provider": "spotify",
            "key_id": "abcdefgh",
        }
        # Nobody follows, blocks or becomes somebody that another test speaks of.
        return Place(place, user_id=str(uuid4()), session_id=str(uuid4()), message_id="1442589012345678901")

    return make


@pytest.fixture(scope="module")
def found(gateway, surface, people, things):
    """By operation and caller, what became of the request."""
    letters, place = {}, things()
    with gateway.client() as client:
        for operation in surface:
            if row(operation) not in TABLE or operation.template == "/health":
                continue
            if "{week_id}" in operation.template and (operation.method != "GET" or "{user}" in operation.template):
                place = things()
            for caller in ASKED:
                # Nobody is not to become somebody by an answer before.
                client.cookies.clear()
                answer = client.request(
                    operation.method,
                    operation.template.format_map(Place(place, slug=slug(operation))),
                    json=body(operation, place, caller),
                    headers=people.headers[caller],
                )
                letters[str(operation), caller] = letter(answer)
                if answer.is_success and operation.template.endswith(("/members", "/restore")):
                    people.appoint()
    return letters


def slug(operation):
    # What changes a club changes one that nobody else speaks of.
    return (
        f"matrix-{uuid4().hex[:8]}" if str(operation) in {"PUT /clubs/{slug}", "POST /clubs/{slug}/restore"} else "main"
    )


def body(operation, place, caller):
    """The document's own example; for themself people speak without saying so."""
    example = operation.example
    if not isinstance(example, dict):
        return example
    example = {name: value for name, value in example.items() if name != "user" or caller not in OWN}
    if operation.template.endswith("/votes"):
        example["nomination_id"] = place["nomination_id"]
        example.pop("album", None)
    if operation.template == "/auth/register":
        example["handle"] = f"new-{uuid4().hex[:12]}"
    return example


def test_no_operation_is_missing_from_the_table_and_none_is_made_up(surface):
    public = {row(operation) for operation in surface} - {"GET /health"}
    internal = {name for name in TABLE if name.split()[1].startswith("/internal/")}
    assert public - set(TABLE) == set()
    assert set(TABLE) - public - internal == set()


@pytest.mark.parametrize("caller", ASKED)
def test_who_asks_gets_what_the_table_says(found, caller):
    told = {operation: letter for (operation, who), letter in found.items() if who == caller}
    named = {
        name: TABLE[name if name in TABLE else name.replace(" /clubs/{slug}/", " /club/")][caller] for name in told
    }
    assert {name: letter for name, letter in told.items() if letter != named[name]} == {}


def forged():
    stranger = OKPKey.generate_key("Ed25519", {"kid": "gateway-1"})
    claims = {"iss": "gateway", "aud": "club", "sub": str(uuid4()), "kind": "admin", "scopes": ["admin"]}
    claims["exp"] = int(time.time()) + 60
    yield jwt.encode({"alg": "Ed25519", "kid": "gateway-1"}, claims, stranger, algorithms=["Ed25519"])

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    yield f"{part({'alg': 'none'})}.{part(claims)}.{part({})}"


@pytest.mark.parametrize("token", list(forged()), ids=["another key", "no algorithm"])
def test_a_forged_token_opens_nothing(gateway, surface, things, token):
    place, headers = things(), {"Authorization": f"Bearer {token}", "X-User-Id": str(uuid4())}
    with gateway.client(headers=headers) as client:
        answers = {
            str(operation): client.request(
                operation.method,
                operation.template.format_map(Place(place, slug="main")),
                json=operation.example,
            ).status_code
            for operation in surface
            if operation.template != "/health"
        }
    assert {name: status for name, status in answers.items() if status != 401} == {}


@pytest.fixture(params=SERVICES)
def app(request):
    return import_module(f"{request.param}.main").app


class AnyId(dict):
    def __missing__(self, name):
        words = {
            "snowflake": "175928847299117063",
            "number": "3",
            "slug": "main",
            "provider": "spotify",
            "key_id": "abcdefgh",
        }
        return words.get(name, str(uuid4()) if name != "message_id" else "1442589012345678901")


class Away:
    """A neighbour that cannot be reached."""

    async def get(self, *_):
        raise Unavailable

    post = get


async def test_a_service_that_calls_past_the_gateway_may_what_the_table_says(stage, sign):
    state = stage.app.state
    state.settings = state.settings.model_copy(update={"signing_key": SERVICE_KEYS["club"].as_dict(private=True)})
    state.neighbours = {name: Away() for name in SERVICES}
    differ = {}
    for operation in operations(stage.app.openapi()):
        if row(operation) not in TABLE:
            assert operation.template in {"/livez", "/readyz", "/health", "/metrics"}, str(operation)
            continue
        address = operation.template.format_map(AnyId())
        answer = await stage.client.request(
            operation.method,
            address,
            json=operation.example,
            headers=sign("service", "catalog") | {"x-forwarded-proto": "https"},
        )
        # What needs a place that is there is told so before or after.
        if answer.status_code not in {404, 422} and letter(answer) != TABLE[row(operation)]["service"]:
            differ[str(operation)] = (answer.status_code, TABLE[row(operation)]["service"])
    assert differ == {}
