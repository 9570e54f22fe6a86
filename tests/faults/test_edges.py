"""At the edges: commits before replies, roles, tokens, calls between services."""

import asyncio
import time

import asyncpg
import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.client import Neighbour
from chassis.consumer import Consumer
from chassis.errors import Conflict, Unavailable
from chassis.service import service
from chassis.settings import Settings
from chassis.testing import GATEWAY_KEY, SERVICE_KEYS
from chassis.tokens import BadToken, Tokens
from contracts.votes import VoteCast
from tests.faults import rehearsal
from tests.faults.conftest import eventually

pytestmark = pytest.mark.parametrize("transport", ["local"])
CLUB_KEY = SERVICE_KEYS["club"]


async def test_the_commit_comes_before_the_reply(stack):
    committed_when_replying = []

    async def watch(scope, receive, send):
        async def spy(message):
            if message["type"] == "http.response.start":
                committed_when_replying.append(await stack.accepted())
            await send(message)

        await rehearsal.app(scope, receive, spy)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(watch), base_url="http://sidetrack") as client:
        await client.put("/rehearsal/played/3")
    assert committed_when_replying == [[3]]


async def test_a_commit_that_fails_is_no_success(stack):
    await stack.client.put("/rehearsal/played/3")
    answer = await stack.client.put("/rehearsal/played/3")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "IntegrityError" not in answer.text


async def test_a_read_cannot_write(stack):
    with pytest.raises(Exception, match="read-only"):
        async with rehearsal.app.state.db.transaction(postgresql_readonly=True) as tx:
            tx.add(rehearsal.Accepted(note=1))


async def test_the_role_of_one_service_can_neither_read_nor_change_what_is_not_its_own(system):
    address = Settings().role_url("taste").set(drivername="postgresql").render_as_string(hide_password=False)
    taste = await asyncpg.connect(address)
    assert await taste.fetchval("SELECT count(*) FROM taste.votes") == 0
    for forbidden in (
        "SELECT * FROM rehearsal.melodies",
        "SELECT * FROM rehearsal.outbox",
        "SELECT * FROM bus.delivery",
        "CREATE TABLE taste.mine ()",
        "CREATE TABLE public.mine ()",
        "DROP TABLE taste.votes",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await taste.execute(forbidden)
    await taste.close()


async def test_a_dead_loop_makes_the_service_not_ready(stack):
    async def stumble(_):
        raise LookupError

    rehearsal.app.state.supervisor.start("clumsy", stumble)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(rehearsal.app), base_url="http://x") as client:

        async def named_as_dead():
            answer = await client.get("/readyz")
            return answer.status_code == 503 and answer.json()["failures"] == {"clumsy": "its loop has died"}

        await eventually(named_as_dead)
        assert (await client.get("/livez")).status_code == 200


def test_a_handler_that_nothing_would_reach_is_refused_at_start(transport):
    stray = Consumer()

    @stray.on(VoteCast)
    async def listen_in(cast, tx): ...

    with pytest.raises(LookupError, match=r"club\.vote\.cast"):
        service("nobody", metadata=rehearsal.RehearsalTable.metadata, consumers=[stray])


def test_a_consumer_in_the_registry_that_nobody_is_is_refused_at_start(transport):
    with pytest.raises(LookupError, match=r"rehearsal\.count_note"):
        service("rehearsal", metadata=rehearsal.RehearsalTable.metadata)


def claims(**changes):
    honest = {"iss": "gateway", "aud": "club", "sub": "bot", "kind": "bot", "exp": int(time.time()) + 60}
    return {name: value for name, value in (honest | changes).items() if value is not None}


def sign(content, key=GATEWAY_KEY, alg="Ed25519", kid="gateway-test"):
    return jwt.encode({"alg": alg, "kid": kid}, content, key, algorithms=[alg])


STRANGER = OKPKey.generate_key("Ed25519", {"kid": "gateway-test"})
PUBLIC_AS_SECRET = OctKey.import_key(GATEWAY_KEY.as_dict(private=False)["x"])
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJnYXRld2F5IiwiYXVkIjoiY2x1YiIsInN1YiI6ImJvdCIsImtpbmQiOiJib3QifQ."


def test_an_honest_token_is_believed_until_it_expires(system):
    tokens = Tokens("club", Settings())
    assert tokens.verify(sign(claims())).kind == "bot"
    late = sign(claims(exp=int(time.time()) - 3))
    assert tokens.verify(late).kind == "bot"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: sign(claims(exp=int(time.time()) - 6)), id="expired"),
        pytest.param(lambda: sign(claims(exp=None)), id="never expires"),
        pytest.param(lambda: sign(claims(aud="taste")), id="for another service"),
        pytest.param(lambda: sign(claims(aud=["club", "taste"])), id="for several services"),
        pytest.param(lambda: sign(claims(), STRANGER), id="signed by a stranger"),
        pytest.param(lambda: sign(claims(), PUBLIC_AS_SECRET, alg="HS256"), id="the public key as a secret"),
        pytest.param(lambda: sign(claims(iss="club", sub="club", kind="service")), id="the gateway as a service"),
        pytest.param(lambda: sign(claims(iss="club"), CLUB_KEY, kid="club-test"), id="a service speaking for people"),
        pytest.param(lambda: sign(claims(kind="king")), id="no such kind"),
        pytest.param(lambda: UNSIGNED, id="alg none"),
        pytest.param(lambda: sign(claims()).rpartition(".")[0] + ".", id="unsigned"),
        pytest.param(lambda: sign(claims(scopes=["a" * 5000])), id="endless"),
        pytest.param(lambda: "x", id="no token"),
    ],
)
def test_a_token_that_is_not_right_in_everything_is_refused(system, token):
    with pytest.raises(BadToken):
        Tokens("club", Settings()).verify(token())


def test_a_service_speaks_as_itself(system):
    club = Tokens("club", Settings(signing_key=CLUB_KEY.as_dict(private=True)))
    caller = Tokens("taste", Settings()).verify(club.mint("taste"))
    assert (caller.sub, caller.kind) == ("club", "service")
    with pytest.raises(BadToken):
        Tokens("taste", Settings()).verify(club.mint("taste", sub="someone", kind="user"))


@pytest.fixture
async def neighbour(stack):
    tokens = Tokens("club", Settings(signing_key=CLUB_KEY.as_dict(private=True)))
    return Neighbour("rehearsal", tokens, stack.client)


async def test_a_call_to_a_neighbour_raises_what_it_refused(neighbour):
    with pytest.raises(Conflict, match="not in the score"):
        await neighbour.post("/rehearsal/wrong", {})


async def test_no_call_to_a_neighbour_holds_a_transaction_open(neighbour):
    async with rehearsal.app.state.db.transaction():
        with pytest.raises(RuntimeError, match="hold a transaction open"):
            await neighbour.get("/rehearsal/played/1")


async def test_an_absent_neighbour_is_unavailable(system):
    tokens = Tokens("club", Settings(signing_key=CLUB_KEY.as_dict(private=True)))
    async with httpx2.AsyncClient(base_url="http://127.0.0.1:9") as nobody:
        with pytest.raises(Unavailable):
            await Neighbour("taste", tokens, nobody).get("/")


async def test_of_two_equal_requests_with_one_key_at_once_one_is_done_and_both_are_answered(stack):
    melody = "019a0000-0000-7000-8000-000000000001"
    bot = rehearsal.signed_bot() | {"Idempotency-Key": "twins"}
    address = f"/rehearsal/melodies/{melody}"
    twins = [stack.client.post(address, params={"name": "a"}, headers=bot) for _ in range(5)]
    answers = await asyncio.gather(*twins)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 4


async def test_a_key_that_comes_back_with_another_body_is_a_conflict(stack):
    bot = rehearsal.signed_bot() | {"Idempotency-Key": "reused"}
    first = await stack.client.post("/rehearsal/wrong", json={"note": 1}, headers=bot)
    assert first.status_code == 409
    kept = await stack.client.post("/rehearsal/curtain", json={"a": 1}, headers=bot)
    assert kept.status_code == 200
    other = await stack.client.post("/rehearsal/curtain", json={"a": 2}, headers=bot)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    bad = await stack.client.post("/rehearsal/curtain", json={}, headers=bot | {"Idempotency-Key": "x" * 256})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_idempotency_key")


async def test_a_read_that_has_not_changed_is_answered_with_304(stack):
    first = await stack.client.get("/rehearsal/score")
    assert first.status_code == 200
    again = await stack.client.get("/rehearsal/score", headers={"If-None-Match": f'W/{first.headers["etag"]}, "x"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
