"""Asks identity whom a credential stands for."""

import json
from http import HTTPStatus

import orjson
import structlog

from chassis.tokens import Tokens
from contracts.identity import Principal
from gateway.authentication import Ask
from gateway.credentials import Shown
from gateway.upstream import ServiceAway, Upstream

log = structlog.get_logger()

UNKNOWN = frozenset({"unknown_key", "unknown_session", "unknown_token"})


def ask_identity(identity: Upstream, tokens: Tokens) -> Ask:
    async def ask(shown: Shown) -> Principal | None:
        headers = [(b"authorization", b"Bearer " + tokens.mint("identity").encode("ascii"))]
        headers.append((b"content-type", b"application/json"))
        answer = await identity.fetch("POST", "/internal/principals", headers, orjson.dumps({shown.kind: shown.secret}))
        if answer.status == HTTPStatus.OK:
            return Principal.model_validate_json(answer.body)
        if answer.status == HTTPStatus.UNAUTHORIZED and _code(answer.body) in UNKNOWN:
            return None
        # Any other 401 means that it does not believe the gateway itself, which is not the client's fault.
        log.error("identity_gave_no_answer", status=answer.status)
        raise ServiceAway("identity")

    return ask


def _code(body: bytes) -> object:
    try:
        return orjson.loads(body).get("code")
    except (json.JSONDecodeError, AttributeError):
        return None
