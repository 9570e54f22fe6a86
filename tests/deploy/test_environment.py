"""What each container is told: enough to come up, nothing it does not read, no secret that is another's."""

import re
from urllib.parse import urlsplit

import httpx2
import pytest

from chassis.settings import Settings
from chassis.tokens import Tokens
from gateway.main import make_app
from gateway.settings import GatewaySettings
from standalone.keys import API_KEYS
from standalone.system import SERVICES
from tests.deploy import compose
from tests.deploy.compose import OPERATORS, PORT, PROCESSES, named

# Set for each container by itself, or of no use behind the door.
NOT_TUNED = {"database_url", "listen_url", "role_secret", "bus_url", "signing_key", "trusted_keys", "trusted_proxies"}
NOT_TUNED |= {f"{name}_url" for name in SERVICES}

every_process = pytest.mark.parametrize("name", PROCESSES)
every_service = pytest.mark.parametrize("name", SERVICES)


def test_keys_init_makes_every_secret_that_it_asks_for(dotenv):
    assert compose.required() | set(API_KEYS) == set(dotenv)


def test_without_a_secret_it_says_which(dotenv):
    for name in compose.required():
        with pytest.raises(compose.Missing, match=name):
            compose.read({**dotenv, name: ""})


@every_process
def test_a_process_reads_every_setting_it_is_given(parts, name):
    read = GatewaySettings if name == "gateway" else Settings
    known = named(read.model_fields) | named(compose.own(name))
    assert set(parts[name]["environment"]) <= known


@every_service
def test_a_setting_in_the_dotenv_reaches_every_service(parts, name):
    assert named(set(Settings.model_fields) - NOT_TUNED) <= set(parts[name]["environment"])


def test_the_settings_of_the_door_reach_the_gateway_and_those_of_a_service_that_service(parts):
    gateways = {*GatewaySettings.model_fields} - {*Settings.model_fields} | {"log_level", "trusted_proxies"}
    assert named(gateways) <= set(parts["gateway"]["environment"])
    for name in SERVICES:
        assert named(compose.own(name)) <= set(parts[name]["environment"])


@every_service
async def test_a_service_comes_up_on_what_it_is_given_and_is_not_well_without_its_database(parts, name, entered):
    entered(name)
    app = SERVICES[name]
    async with app.router.lifespan_context(app):
        assert app.state.tokens.mint("gateway")
        answer = await _asked(app, parts[name]["healthcheck"])
    assert (answer.status_code, set(answer.json()["failures"])) == (503, {"database"})


async def test_the_gateway_comes_up_on_what_it_is_given_and_is_well(parts, entered):
    entered("gateway")
    gateway = make_app()
    async with gateway.lifespan():
        assert (await _asked(gateway, parts["gateway"]["healthcheck"])).status_code == 200


async def _asked(app, check):
    """What the health check gets, whose program an image can run."""
    command, program, option, code = check["test"]
    assert (command, program, option) == ("CMD", "python", "-c")
    compile(code, "healthcheck", "exec")
    address = urlsplit(re.search(r"http://[^']+", code)[0])
    assert (address.hostname, address.port) == ("127.0.0.1", PORT)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as client:
        return await client.get(address.path)


@every_service
def test_a_service_believes_the_gateway(name, entered):
    entered("gateway")
    token = Tokens("gateway", GatewaySettings()).mint(name, kind="anonymous")
    entered(name)
    assert Tokens(name, Settings()).verify(token).kind == "anonymous"


@every_service
def test_a_service_enters_the_database_as_its_own_role(told, name):
    operator = told("migrate")
    secret, address = operator["SIDETRACK_ROLE_SECRET"], operator["SIDETRACK_DATABASE_URL"]
    given = Settings(database_url=told(name)["SIDETRACK_DATABASE_URL"])
    assert given.role_url(name) == Settings(database_url=address, role_secret=secret).role_url(name)


@every_process
def test_a_process_gets_no_secret_but_its_own(told, keys, name):
    others = [other for other in PROCESSES if other != name]
    secrets = [keys.role_secret, keys.password("postgres"), *(keys.password(other) for other in others)]
    secrets += [keys.signing[other][0]["d"] for other in others]
    secrets += [] if name == "identity" else keys.api.values()
    whole = "".join(told(name).values())
    assert not [secret for secret in secrets if secret in whole]


def test_neighbours_are_where_they_are_looked_for(told):
    for name in PROCESSES:
        for setting, said in told(name).items():
            if said.startswith("http"):
                host = setting.removeprefix("SIDETRACK_").removesuffix("_URL").lower()
                assert host in SERVICES
                assert said == f"http://{host}:{PORT}"


def test_servers_are_where_they_are_looked_for(parts, told):
    for name in (*SERVICES, *OPERATORS):
        database, bus = urlsplit(told(name)["SIDETRACK_DATABASE_URL"]), urlsplit(told(name)["SIDETRACK_BUS_URL"])
        assert (database.hostname, database.path) == ("postgres", f"/{parts['postgres']['environment']['POSTGRES_DB']}")
        assert (bus.hostname, bus.username) == ("rabbitmq", parts["rabbitmq"]["environment"]["RABBITMQ_DEFAULT_USER"])
