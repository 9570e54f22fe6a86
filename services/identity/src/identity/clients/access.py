"""Access tokens: a JWT (RFC 9068 in spirit) of identity's own key, that only identity reads."""

import time
from typing import NamedTuple
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from chassis.settings import Settings
from chassis.tokens import ALGORITHM, LEEWAY, LONGEST
from contracts.ids import UserId
from identity.clients.rules import ACCESS_LASTS

ISSUER, AUDIENCE = "identity", "sidetrack"
TYPE = "at+jwt"


class Claimed(NamedTuple):
    user_id: UserId
    family_id: UUID
    expires: int


def mint(settings: Settings, user_id: UserId, family_id: UUID) -> str:
    own = OKPKey.import_key(settings.signing_key or {})
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "client": str(family_id)}
    expires = int(time.time()) + int(ACCESS_LASTS.total_seconds())
    header = {"alg": ALGORITHM, "kid": own.kid, "typ": TYPE}
    return jwt.encode(header, claims | {"exp": expires}, own, algorithms=[ALGORITHM])


def read(settings: Settings, token: str) -> Claimed | None:
    """What a token says that identity itself signed for here and that has not expired; None for any other."""
    if len(token) > LONGEST:
        return None
    trusted = KeySet([OKPKey.import_key(key) for key in settings.trusted_keys.get(ISSUER, [])])
    try:
        signed = jwt.decode(token, trusted, algorithms=[ALGORITHM])
        need = ClaimsOption(essential=True)
        JWTClaimsRegistry(leeway=LEEWAY, sub=need, exp=need).validate(signed.claims)
        claims = signed.claims
        if signed.header.get("typ") != TYPE or claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
            return None
        return Claimed(UserId(UUID(claims["sub"])), UUID(claims["client"]), claims["exp"])
    except (JoseError, ValueError, KeyError, TypeError):
        return None
