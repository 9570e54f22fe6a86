"""Programs that act as the person who signed in with them."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from services.identity.tests.conftest import KEY, PASSWORD
from sqlalchemy import select, update

from chassis.testing import GATEWAY_KEY
from contracts.sessions import AccessRevoked
from identity.clients import access
from identity.models import RefreshToken, TokenFamily


@pytest.fixture
def grant(visit):
    async def ask(**body):
        return await visit("POST", "/auth/token", body)

    return ask


@pytest.fixture
async def pair(register, grant):
    await register()
    answer = await grant(grant_type="password", handle="wren", password=PASSWORD, client_name="my script")
    assert answer.status_code == 200, answer.text
    return answer.json()


def claims_of(token):
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


async def test_an_access_token_stands_for_the_person_and_does_not_outlive_its_time(pair, principal):
    found = await principal(token=pair["access_token"])
    assert (found["kind"], found["id"], found["scopes"]) == ("user", claims_of(pair["access_token"])["sub"], [])
    assert pair["expires_in"] == 600
    until = datetime.fromisoformat(found["expires_at"])
    assert until <= datetime.now(UTC) + timedelta(seconds=600)


async def test_a_refresh_token_gives_the_next_pair_once(pair, grant, principal):
    answer = await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    after = answer.json()
    assert answer.status_code == 200
    assert after["refresh_token"] != pair["refresh_token"]
    assert await principal(token=after["access_token"]) is not None
    assert answer.headers["cache-control"] == "no-store"


async def test_two_refreshes_that_cross_are_one_client_and_nobody_is_logged_out(pair, grant, principal, announced):
    answers = [await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({claims_of(answer.json()["access_token"])["client"] for answer in answers}) == 1
    for answer in answers:
        again = await grant(grant_type="refresh_token", refresh_token=answer.json()["refresh_token"])
        assert again.status_code == 200
    assert await announced(AccessRevoked) == []


async def test_a_token_used_again_later_ends_all_that_came_of_it(pair, grant, principal, stage, announced):
    after = (await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"])).json()
    async with stage.db.transaction() as tx:
        used = RefreshToken.used_at.is_not(None)
        await tx.execute(update(RefreshToken).where(used).values(used_at=datetime.now(UTC) - timedelta(seconds=11)))
    answer = await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_grant")
    assert await principal(token=after["access_token"]) is None
    assert (await grant(grant_type="refresh_token", refresh_token=after["refresh_token"])).status_code == 401
    assert [each.credential for each in await announced(AccessRevoked)] == [
        f"client:{claims_of(after['access_token'])['client']}"
    ]


async def test_a_client_that_is_not_let_in_any_more_gets_nothing(pair, grant, principal, visit, me):
    who = await principal(token=pair["access_token"])
    listed = (await visit("GET", "/users/me/sessions", by=me(who))).json()["items"]
    (client,) = (each for each in listed if each["kind"] == "client")
    assert (client["name"], client["current"]) == ("my script", True)
    assert (await visit("DELETE", f"/users/me/sessions/{client['id']}", by=me(who))).status_code == 204
    assert await principal(token=pair["access_token"]) is None
    assert (await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"])).status_code == 401


async def test_a_client_is_let_in_for_sixty_days_at_the_longest(pair, grant, principal, stage):
    async with stage.db.transaction() as tx:
        (family,) = await tx.scalars(select(TokenFamily))
        assert timedelta(days=59) < family.expires_at - family.created_at <= timedelta(days=60)
        family.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert await principal(token=pair["access_token"]) is None
    assert (await grant(grant_type="refresh_token", refresh_token=pair["refresh_token"])).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"grant_type": "password", "handle": "wren"},
        {"grant_type": "password", "password": PASSWORD},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "x", "handle": "wren"},
        {"grant_type": "password", "handle": "wren", "password": PASSWORD, "refresh_token": "x"},
    ],
)
async def test_half_a_grant_is_none(grant, body):
    answer = await grant(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete_grant")


def forged(pair):
    """Tokens that are almost right, each wrong in one thing."""
    claims = claims_of(pair["access_token"])
    header = {"alg": "Ed25519", "kid": KEY.kid, "typ": access.TYPE}

    def signed(claims=claims, key=KEY, **changed):
        return jwt.encode(header | changed, claims, key, algorithms=["Ed25519"])

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    def authenticated(header):
        signed_part = f"{part(header)}.{body}"
        code = hmac.digest(KEY.as_pem(private=False), signed_part.encode(), "sha256")
        return f"{signed_part}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"

    stranger = OKPKey.generate_key("Ed25519", {"kid": KEY.kid})
    head, body, signature = pair["access_token"].split(".")
    past = int(time.time()) - 60
    yield "no algorithm", f"{part(header | {'alg': 'none'})}.{body}."
    yield "no algorithm, but a signature", f"{part(header | {'alg': 'none'})}.{body}.{signature}"
    yield "the public key as a secret", authenticated(header | {"alg": "HS256"})
    yield "somebody else's key under our name", signed(key=stranger)
    yield "the gateway's key", signed(key=GATEWAY_KEY, kid=GATEWAY_KEY.kid)
    yield "an unknown key", signed(kid="identity-9")
    yield "another audience", signed(claims | {"aud": "identity"})
    yield "another issuer", signed(claims | {"iss": "gateway"})
    yield "expired", signed(claims | {"exp": past})
    yield "for ever", signed({name: value for name, value in claims.items() if name != "exp"})
    yield "not yet", signed(claims | {"nbf": int(time.time()) + 600})
    yield "another type", signed(typ="JWT")
    yield "another client", signed(claims | {"client": "0190a4b2-0000-7000-8000-000000000000"})
    yield "another person", signed(claims | {"sub": "0190a4b2-0000-7000-8000-000000000000"})
    yield "changed", f"{head}.{part(claims | {'sub': '0190a4b2-0000-7000-8000-000000000000'})}.{signature}"
    yield "huge", signed(claims | {"more": "x" * 8000})
    yield "cut off", pair["access_token"][:-8]
    yield "no token", "eyJ.e30.x"
    yield "empty", ""


async def test_a_forged_token_stands_for_nobody(pair, principal):
    believed = [how for how, token in forged(pair) if await principal(token=token) is not None]
    assert believed == []
    assert await principal(token=pair["access_token"]) is not None
