"""docker-compose.yml says nothing that is not so: no engine is needed to find out."""

import asyncio
import importlib
import re
import subprocess
import sys
from urllib.parse import urlsplit

import httpx2
import pytest
from dotenv import dotenv_values
from typer.main import get_command

from chassis.db import OVERFLOW, POOL
from chassis.settings import Settings
from chassis.tokens import Tokens
from gateway.main import make_app
from gateway.settings import GatewaySettings
from identity.keys.bootstrap import BootstrapKeys
from standalone.command import app as sidetrack
from standalone.keys import API_KEYS, make_keys
from standalone.postgres.binaries import MAJORS
from standalone.system import SERVICES
from tests.homes import reachable_folder
from tests.system import compose
from tests.system.images import exec_form, stages

PROCESSES = (*SERVICES, "gateway")
ONE_SHOTS = ("migrate", "bus")
OPERATORS = (*ONE_SHOTS, "operator")
PORT = 8000
# What PostgreSQL allows by itself; three of them are the superuser's.
CONNECTIONS = 100 - 3
OWN = {"database_url", "listen_url", "role_secret", "bus_url", "signing_key", "trusted_keys"}
OWN |= {f"{name}_url" for name in SERVICES}


@pytest.fixture(scope="module")
def keys():
    with reachable_folder() as home:
        yield make_keys(home, {})


@pytest.fixture(scope="module")
def dotenv(keys, tmp_path_factory):
    file = tmp_path_factory.mktemp("compose") / ".env"
    file.write_text(keys.dotenv())
    return dotenv_values(file, interpolate=False)


@pytest.fixture(scope="module")
def parts(dotenv):
    return compose.read(dotenv)["services"]


@pytest.fixture
def entered(parts, dotenv, monkeypatch):
    """Puts this test into the place of one container; the servers it would reach are away."""

    def enter(name):
        for each in compose.documented():
            monkeypatch.delenv(each, raising=False)
        for setting, said in compose.environment_of(parts[name], dotenv).items():
            monkeypatch.setenv(setting, re.sub(r"@(postgres|rabbitmq):\d+", "@127.0.0.1:1", said))

    return enter


def test_it_is_a_compose_file():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", compose.FILE]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_keys_init_makes_every_secret_that_it_asks_for(dotenv):
    assert compose.required() | set(API_KEYS) == set(dotenv)


def test_without_a_secret_it_says_which(dotenv):
    for name in compose.required():
        with pytest.raises(compose.Missing, match=name):
            compose.read({**dotenv, name: ""})


def test_whatever_it_takes_from_the_environment_is_documented():
    assert compose.required() | compose.handed_on() <= set(compose.documented())


def test_every_process_and_nothing_else_of_ours_is_in_it(parts):
    ours = {name for name, part in parts.items() if "build" in part}
    assert ours == {*PROCESSES, *OPERATORS}


@pytest.mark.parametrize("name", [*PROCESSES, *OPERATORS])
def test_what_is_built_can_be_built(parts, name):
    build = parts[name]["build"]
    service = name if name in PROCESSES else "standalone"
    assert build["args"] == {"SERVICE": service}
    assert (compose.ROOT / build["context"] / build["dockerfile"]).is_file()
    assert (compose.ROOT / "locks" / f"{service}.lock").is_file()
    assert build["target"] in stages()


@pytest.mark.parametrize("name", ONE_SHOTS)
def test_a_one_shot_is_a_command_that_exists(parts, name):
    assert exec_form(stages()["operator"].words("ENTRYPOINT")[-1]) == ["sidetrack"]
    command = get_command(sidetrack)
    for word in parts[name]["command"]:
        command = command.commands[word]
    assert command.callback is not None


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_runs_an_application_that_exists(parts, name, entered):
    assert "command" not in parts[name]
    shell, option, line = exec_form(stages()["service"].words("CMD")[-1])
    told = re.fullmatch(rf"exec python -m (\S+) (\S+):(\w+) --host 0\.0\.0\.0 --port {PORT}", line)
    assert (shell, option) == ("sh", "-c")
    assert callable(importlib.import_module(told[1]).main)
    entered(name)
    module = importlib.import_module(told[2].replace("${SERVICE}", name))
    assert callable(getattr(module, told[3]))


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_reads_every_setting_it_is_given(parts, name):
    known = {*GatewaySettings.model_fields} if name == "gateway" else {*Settings.model_fields}
    known |= {*BootstrapKeys.model_fields} if name == "identity" else set()
    assert set(parts[name]["environment"]) <= {f"SIDETRACK_{field.upper()}" for field in known}


def test_a_setting_in_the_dotenv_reaches_the_processes_it_is_for(parts):
    tuned = {f"SIDETRACK_{field.upper()}" for field in set(Settings.model_fields) - OWN}
    gateways = {
        f"SIDETRACK_{field.upper()}" for field in set(GatewaySettings.model_fields) - set(Settings.model_fields)
    }
    for name in SERVICES:
        assert tuned <= set(parts[name]["environment"])
    assert gateways | {"SIDETRACK_LOG_LEVEL"} <= set(parts["gateway"]["environment"])
    assert {f"SIDETRACK_{field.upper()}" for field in BootstrapKeys.model_fields} <= set(
        parts["identity"]["environment"]
    )


@pytest.mark.parametrize("name", SERVICES)
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


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_believes_the_gateway(name, entered):
    entered("gateway")
    gateway = make_app()
    token = Tokens("gateway", GatewaySettings()).mint(name, kind="anonymous")
    asyncio.run(_close(gateway))
    entered(name)
    assert Tokens(name, Settings()).verify(token).kind == "anonymous"


async def _close(gateway):
    async with gateway.lifespan():
        pass


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_enters_the_database_as_its_own_role(parts, dotenv, name):
    operator = compose.environment_of(parts["migrate"], dotenv)
    secret, address = operator["SIDETRACK_ROLE_SECRET"], operator["SIDETRACK_DATABASE_URL"]
    given = Settings(database_url=compose.environment_of(parts[name], dotenv)["SIDETRACK_DATABASE_URL"])
    assert given.role_url(name) == Settings(database_url=address, role_secret=secret).role_url(name)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_gets_no_secret_but_its_own(parts, keys, dotenv, name):
    told = "".join(compose.environment_of(parts[name], dotenv).values())
    others = [other for other in PROCESSES if other != name]
    secrets = [keys.role_secret, keys.password("postgres"), *(keys.password(other) for other in others)]
    secrets += [keys.signing[other][0]["d"] for other in others]
    secrets += [] if name == "identity" else keys.api.values()
    assert not [secret for secret in secrets if secret in told]


def test_neighbours_are_where_they_are_looked_for(parts):
    for name in PROCESSES:
        for setting, said in parts[name]["environment"].items():
            if said and said.startswith("http"):
                host = setting.removeprefix("SIDETRACK_").removesuffix("_URL").lower()
                assert said == f"http://{host}:{PORT}"
                assert host in SERVICES


def test_servers_are_where_they_are_looked_for(parts, dotenv):
    for name in (*SERVICES, *OPERATORS):
        told = compose.environment_of(parts[name], dotenv)
        database, bus = urlsplit(told["SIDETRACK_DATABASE_URL"]), urlsplit(told["SIDETRACK_BUS_URL"])
        assert (database.hostname, database.path) == ("postgres", f"/{parts['postgres']['environment']['POSTGRES_DB']}")
        assert (bus.hostname, bus.username) == ("rabbitmq", parts["rabbitmq"]["environment"]["RABBITMQ_DEFAULT_USER"])


def test_the_gateway_alone_is_published_and_on_this_machine_alone(parts):
    published = {name: part["ports"] for name, part in parts.items() if "ports" in part and "profiles" not in part}
    assert published == {"gateway": [f"127.0.0.1:8000:{PORT}"]}
    assert stages()["service"].words("EXPOSE") == [str(PORT)]
    assert all(port.startswith("127.0.0.1:") for part in parts.values() for port in part.get("ports", []))


def test_whoever_is_waited_for_exists_and_can_be_waited_for(parts):
    for part in parts.values():
        for name, how in part.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in parts[name]
            if how["condition"] == "service_completed_successfully":
                assert name in ONE_SHOTS
                assert "restart" not in parts[name]


def test_no_service_starts_before_the_database_and_the_bus_are_ready(parts):
    for name in SERVICES:
        waits = {each: how["condition"] for each, how in parts[name]["depends_on"].items()}
        assert {waits[each] for each in ("postgres", "rabbitmq")} == {"service_healthy"}
        assert {waits[each] for each in ONE_SHOTS} == {"service_completed_successfully"}
    assert set(parts["gateway"]["depends_on"]) == set(SERVICES)
    assert set(parts["bus"]["depends_on"]) == {"postgres", "rabbitmq", "migrate"}


def test_what_is_mounted_exists(parts, dotenv):
    whole = compose.read(dotenv)
    for part in parts.values():
        for source in (volume.partition(":")[0] for volume in part.get("volumes", [])):
            assert (compose.ROOT / source).exists() if source.startswith(".") else source in whole["volumes"]
        assert set(part.get("secrets", [])) <= set(whole["secrets"])
    assert {each["environment"] for each in whole["secrets"].values()} <= set(dotenv)


def test_postgresql_is_one_that_is_supported_and_that_backups_are_made_for(parts):
    image = parts["postgres"]["image"]
    major = int(re.match(r"postgres:(\d+)", image)[1])
    assert major in MAJORS
    assert image.partition(":")[2] in stages()["postgres"].parent
    assert f"postgresql-client-{major}" in " ".join(stages()["operator"].words("RUN"))
    # From 18 on the data lie in a folder of their version below it.
    assert parts["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_postgresql_has_a_connection_for_everyone():
    assert len(SERVICES) * (POOL + OVERFLOW + 1) + len(OPERATORS) * (POOL + OVERFLOW) <= CONNECTIONS
