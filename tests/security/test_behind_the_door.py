"""Each service by itself: whoever reaches it past the gateway gets nothing."""

from importlib import import_module
from uuid import uuid4

import pytest

from chassis.settings import Settings
from chassis.testing import SERVICE_KEYS
from chassis.tokens import Tokens
from gateway.routes import SERVICES
from tests.security.surface import is_for_services, operations
from tests.security.verdicts import refused

NO_TOKENS = {
    "none": {},
    "an API key": {"Authorization": "Bearer sdt_abcdefgh_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
    "a basic credential": {"Authorization": "Basic YWRtaW46YWRtaW4="},
    "an unsigned token": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJraW5kIjoiYWRtaW4ifQ."},
    "no token at all": {"Authorization": "Bearer \u00ff"},
}


class AnyId(dict):
    def __missing__(self, name):
        return str(uuid4().int >> 65) if name == "snowflake" else "3" if name == "number" else str(uuid4())


@pytest.fixture(params=SERVICES)
def app(request):
    return import_module(f"{request.param}.main").app


async def answers(stage, headers):
    for operation in operations(stage.app.openapi()):
        address = operation.template.format_map(AnyId())
        yield operation, await stage.client.request(operation.method, address, json=operation.example, headers=headers)


@pytest.mark.parametrize("carried", NO_TOKENS)
async def test_a_service_answers_nobody_who_carries(stage, carried):
    headers = {name: text.encode("latin-1") for name, text in NO_TOKENS[carried].items()}
    async for operation, answer in answers(stage, headers):
        assert (answer.status_code, refused(answer)) == (401, None), str(operation)


async def test_a_service_answers_no_token_for_another(stage):
    others = Tokens("club", Settings(signing_key=SERVICE_KEYS["club"].as_dict(private=True)))
    for_another = {"Authorization": f"Bearer {others.mint('elsewhere')}"}
    async for operation, answer in answers(stage, for_another):
        assert (answer.status_code, refused(answer)) == (401, None), str(operation)


async def test_what_is_internal_is_for_services_only(stage, sign):
    async for operation, answer in answers(stage, sign("admin")):
        if is_for_services(operation.template):
            assert (answer.status_code, refused(answer)) == (403, None), str(operation)
