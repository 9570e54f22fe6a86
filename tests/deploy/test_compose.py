"""docker-compose.yml says nothing that is not so: no engine is needed to find out."""

import importlib
import re
import subprocess
import sys

import pytest
from typer.main import get_command

from chassis.db import OVERFLOW, POOL
from standalone.command import app as sidetrack
from standalone.postgres.binaries import MAJORS
from standalone.system import SERVICES
from tests.deploy import compose
from tests.deploy.compose import ONE_SHOTS, OPERATORS, PORT, PROCESSES, ROOT
from tests.deploy.images import exec_form, stages

# What PostgreSQL allows by itself; three of them are the superuser's.
CONNECTIONS = 100 - 3


def test_it_is_a_compose_file():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", compose.FILE]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_every_process_and_nothing_else_of_ours_is_in_it(parts):
    assert {name for name, part in parts.items() if "build" in part} == {*PROCESSES, *OPERATORS}


@pytest.mark.parametrize("name", [*PROCESSES, *OPERATORS])
def test_what_is_built_can_be_built(parts, name):
    build = parts[name]["build"]
    service = name if name in PROCESSES else "standalone"
    assert build["args"] == {"SERVICE": service}
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    assert (ROOT / "locks" / f"{service}.lock").is_file()
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
    command = parts[name].get("command") or _image_command(name)
    assert command[:2] == ["python", "-m"]
    assert callable(importlib.import_module(command[2]).main)
    assert command[4:8] == ["--host", "0.0.0.0", "--port", str(PORT)]
    assert command[8:] == (["--public"] if name == "gateway" else [])
    module, _, attribute = command[3].partition(":")
    assert module == f"{name}.main"
    entered(name)
    assert callable(getattr(importlib.import_module(module), attribute))


def _image_command(name):
    shell, option, line = exec_form(stages()["service"].words("CMD")[-1])
    assert (shell, option) == ("sh", "-c")
    return line.replace("${SERVICE}", name).removeprefix("exec ").split()


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
            assert (ROOT / source).exists() if source.startswith(".") else source in whole["volumes"]
        assert set(part.get("secrets", [])) <= set(whole["secrets"])
    assert {each["environment"] for each in whole["secrets"].values()} <= set(dotenv)


def test_postgresql_is_one_that_is_supported_and_that_backups_are_made_for(parts):
    image = parts["postgres"]["image"]
    major = int(re.match(r"postgres:(\d+)", image)[1])
    assert major in MAJORS
    assert stages()["postgres"].parent == image
    assert f"postgresql-client-{major}" in " ".join(stages()["operator"].words("RUN"))
    # From 18 on the data lie in a folder of their version below it.
    assert parts["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_postgresql_has_a_connection_for_everyone():
    assert len(SERVICES) * (POOL + OVERFLOW + 1) + len(OPERATORS) * (POOL + OVERFLOW) <= CONNECTIONS
