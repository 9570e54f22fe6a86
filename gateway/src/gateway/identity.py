"""Asks identity whom an API key stands for."""

import json
from http import HTTPStatus

import orjson
import structlog

from chassis.tokens import Tokens
from contracts.identity import Principal
from gateway.authentication import Ask
from gateway.upstream import ServiceAway, Upstream

log = structlog.get_logger()


def ask_identity(identity: Upstream, tokens: Tokens) -> Ask:
    async def ask(key: str) -> Principal | None:
        headers = [(b"authorization", b"Bearer " + tokens.mint("identity").encode("ascii"))]
        headers.append((b"content-type", b"application/json"))
        answer = await identity.fetch("POST", "/internal/principals", headers, orjson.dumps({"key": key}))
        if answer.status == HTTPStatus.OK:
            return Principal.model_validate_json(answer.body)
        if answer.status == HTTPStatus.UNAUTHORIZED and _code(answer.body) == "unknown_key":
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
