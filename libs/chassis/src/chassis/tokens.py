"""Internal tokens: Ed25519, a minute, one audience. A service speaks as itself, only the gateway for people."""

import time
from collections.abc import Iterable
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from chassis.caller import Caller
from chassis.errors import Forbidden, Unauthenticated
from chassis.settings import Settings

ALGORITHM = "Ed25519"
LIFETIME, LEEWAY = 60, 5
GATEWAY = "gateway"
LONGEST = 4096
REMEMBERED = 1000


class BadToken(Unauthenticated):
    sentence = "The request carries no valid internal token."


class NotForYou(Forbidden):
    sentence = "Your key does not allow this."


class Tokens:
    """Mints with the service's own key, verifies with the keys it trusts."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._own = OKPKey.import_key(settings.signing_key) if settings.signing_key else None
        trusted = [(iss, OKPKey.import_key(key)) for iss, keys in settings.trusted_keys.items() for key in keys]
        self._issuer_of = {key.kid: iss for iss, key in trusted}
        self._trusted = KeySet([key for _, key in trusted])
        self._verified: dict[str, tuple[float, Caller]] = {}

    def mint(
        self,
        aud: str,
        sub: str | None = None,
        kind: str = "service",
        scopes: Iterable[str] = (),
        credential: str | None = None,
    ) -> str:
        if self._own is None:
            raise RuntimeError(f"{self._name} has no signing key.")
        claims = {"iss": self._name, "aud": aud, "sub": sub or self._name, "kind": kind, "scopes": sorted(scopes)}
        if credential is not None:
            claims["credential"] = credential
        header = {"alg": ALGORITHM, "kid": self._own.kid}
        return jwt.encode(header, claims | {"exp": int(time.time()) + LIFETIME}, self._own, algorithms=[ALGORITHM])

    def verify(self, token: str) -> Caller:
        """The caller, or BadToken. A token once verified is known until it expires."""
        expires, known = self._verified.get(token, (0.0, None))
        if known is not None and time.time() < expires:
            return known
        if len(token) > LONGEST:
            raise BadToken
        try:
            signed = jwt.decode(token, self._trusted, algorithms=[ALGORITHM])
            self._check(signed.header, signed.claims)
            caller = Caller.model_validate(signed.claims)
        except (JoseError, ValueError) as error:
            raise BadToken from error
        if len(self._verified) >= REMEMBERED:
            self._verified.clear()
        self._verified[token] = (signed.claims["exp"], caller)
        return caller

    def _check(self, header: dict[str, Any], claims: dict[str, Any]) -> None:
        # Decoding checks the signature only: neither expiry nor audience.
        need = ClaimsOption(essential=True)
        JWTClaimsRegistry(leeway=LEEWAY, iss=need, sub=need, aud=need, exp=need).validate(claims)
        speaks_for_itself = claims["kind"] == "service" and claims["sub"] == claims["iss"]
        if (
            claims["aud"] != self._name
            or claims["iss"] != self._issuer_of.get(header.get("kid"))
            or not (speaks_for_itself or (claims["iss"] == GATEWAY and claims["kind"] != "service"))
        ):
            raise ValueError("This token is not for here, or not from whom it says.")


async def caller_of(request: Request) -> Caller:
    """Who the request's token says is asking, verified once a request; BadToken without a valid one."""
    known: Caller | None = getattr(request.state, "caller", None)
    if known is not None:
        return known
    if len(given := request.headers.getlist("authorization")) != 1:
        raise BadToken
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer":
        raise BadToken
    tokens: Tokens = request.app.state.tokens
    caller = tokens.verify(token)
    structlog.contextvars.bind_contextvars(actor=f"{caller.kind}:{caller.sub}")
    request.state.caller = caller
    return caller


SignedCaller = Annotated[Caller, Depends(caller_of)]


async def _service(caller: SignedCaller) -> Caller:
    if caller.kind != "service":
        raise NotForYou
    return caller


SignedService = Annotated[Caller, Depends(_service)]
