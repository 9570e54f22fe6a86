"""docker-compose.yml as Compose reads it: anchors merged and `.env` filled in, without an engine."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from catalog.sources.settings import SourceSettings
from identity.keys.bootstrap import BootstrapKeys
from identity.providers.settings import ProviderSettings
from identity.settings import SignInSettings
from identity.vault.cipher import VaultSettings
from listening.sync.settings import SyncSettings
from standalone.system import SERVICES

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
PROCESSES = (*SERVICES, "gateway")
ONE_SHOTS = ("migrate", "bus")
OPERATORS = (*ONE_SHOTS, "operator")
PORT = 8000
# What identity reads beyond what every service does.
OF_IDENTITY = (BootstrapKeys, SignInSettings, VaultSettings, ProviderSettings)
# And catalog.
OF_CATALOG = (SourceSettings,)
# And listening.
OF_LISTENING = (SyncSettings,)

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class Missing(LookupError):
    """A variable that must be there."""


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """The file with this `.env`. Raises Missing."""
    filled: dict[str, Any] = _fill(yaml.safe_load(FILE.read_text()), environment)
    return filled


def environment_of(service: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """What the container sees: a name without a value is handed on if it is there."""
    named = {name: environment.get(name) if said is None else said for name, said in service["environment"].items()}
    return {name: said for name, said in named.items() if said is not None}


def own(service: str) -> set[str]:
    """The fields that it reads beyond what every service does."""
    classes = {"identity": OF_IDENTITY, "catalog": OF_CATALOG, "listening": OF_LISTENING}.get(service, ())
    return {field for each in classes for field in each.model_fields}


def named(fields: Iterable[str]) -> set[str]:
    """Fields of a settings class as the environment names them."""
    return {f"SIDETRACK_{field.upper()}" for field in fields}


def required() -> set[str]:
    """The variables without which Compose refuses."""
    return {found["name"] for found in _VARIABLE.finditer(FILE.read_text()) if found["kind"] == "?"}


def handed_on() -> set[str]:
    """The variables that are used when they are there."""
    asked = {found["name"] for found in _VARIABLE.finditer(FILE.read_text())}
    return (asked | set(_without_value(yaml.safe_load(FILE.read_text())["services"]))) - required()


def documented() -> dict[str, str]:
    """The settings of .env.example, with what stands behind the equals sign."""
    return dict(re.findall(r"^#?(SIDETRACK_\w+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE))


def _without_value(services: Mapping[str, Any]) -> Iterator[str]:
    for service in services.values():
        yield from (name for name, said in service.get("environment", {}).items() if said is None)


def _fill(part: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _fill(each, environment) for name, each in part.items()}
    if isinstance(part, list):
        return [_fill(each, environment) for each in part]
    return _VARIABLE.sub(lambda found: _value(found, environment), part) if isinstance(part, str) else part


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    given = environment.get(found["name"])
    if not given and found["kind"] == "?":
        raise Missing(found["name"])
    return given or found["rest"] or ""
