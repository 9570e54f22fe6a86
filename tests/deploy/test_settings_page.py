""".env.example documents every setting there is, and none that is not."""

import json
import re

import pytest
import typer

from chassis.settings import Settings
from gateway.settings import GatewaySettings
from identity.keys.bootstrap import BootstrapKeys
from standalone.command import app
from tests.deploy import compose

COMMAND = typer.main.get_command(app)
CLASSES = (Settings, GatewaySettings, *compose.OF_IDENTITY, *compose.OF_CATALOG, *compose.OF_LISTENING)
FIELDS = {f"SIDETRACK_{name.upper()}": field for each in CLASSES for name, field in each.model_fields.items()}
# The home is found before there are settings.
OPTIONS = {"SIDETRACK_HOME"} | {
    str(option.envvar) for each in COMMAND.commands.values() for option in each.params if option.envvar
}


def test_no_setting_is_missing_and_none_is_unknown():
    used = compose.required() | compose.handed_on()
    assert set(compose.documented()) == set(FIELDS) | OPTIONS | used


def test_every_setting_stands_below_a_comment():
    for block in re.split(r"\n\n", compose.EXAMPLE.read_text()):
        lines = block.splitlines()
        assert not lines or not re.match("#?SIDETRACK_", lines[0]), lines[0]


def test_every_setting_is_documented_once():
    names = re.findall(r"^#?(SIDETRACK_\w+)=", compose.EXAMPLE.read_text(), flags=re.MULTILINE)
    assert len(names) == len(set(names))


def test_what_the_environment_must_have_is_empty_and_the_rest_is_commented_out():
    active = dict(re.findall(r"^(SIDETRACK_\w+)=(.*)$", compose.EXAMPLE.read_text(), flags=re.MULTILINE))
    assert set(active) == compose.required() | {f"SIDETRACK_{name.upper()}" for name in BootstrapKeys.model_fields}
    assert set(active.values()) == {""}


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.default not in (None, {})])
def test_the_default_that_is_shown_is_the_default(name):
    shown, default = compose.documented()[name], FIELDS[name].default
    if isinstance(default, tuple):
        assert tuple(json.loads(shown or "[]")) == default
    else:
        assert type(default)(shown) == default
