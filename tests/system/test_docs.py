"""What the documents name is there: pages and headings, tasks, commands, settings, files."""

import re
from pathlib import Path

import pytest
import typer

from chassis.settings import Settings
from gateway.settings import GatewaySettings
from standalone.command import app
from standalone.keys import make_keys
from tests.deploy.compose import OF_CATALOG, OF_IDENTITY, OF_LISTENING

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
# Read where no settings class is: home and address by commands that need no settings, the failpoint by the tests.
BESIDE = {"SIDETRACK_HOME", "SIDETRACK_URL", "SIDETRACK_FAILPOINT"}
COMMAND = typer.main.get_command(app)
SOURCES = [
    ROOT,
    *(src for place in ("libs/*", "services/*", "gateway", "deploy/*") for src in ROOT.glob(f"{place}/src")),
]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def blocks(page):
    return re.findall(r"^```.*?^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def prose(page):
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def code(page):
    """What stands in code blocks and in code spans, a line each."""
    return "\n".join([*blocks(page), *(span.replace("\n", " ") for span in re.findall(r"`([^`]+)`", prose(page)))])


def anchors(page):
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def below(command):
    return getattr(command, "commands", {})


def options(command):
    return [*command.params, *(each for part in below(command).values() for each in options(part))]


@every_page
def test_every_link_leads_to_a_page_and_a_heading(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" not in link:
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@every_page
def test_every_task_is_in_the_makefile(page):
    targets = set(re.findall(r"^([\w./]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|[\s(])make ([\w./]*\w)", code(page), re.MULTILINE)) <= targets


@every_page
def test_every_command_is_one_of_ours(page):
    for first, second in re.findall(
        r"(?:^|bin/|[^\w/.-] )sidetrack ([a-z]+)(?: ([a-z][a-z-]*))?", code(page), re.MULTILINE
    ):
        assert first in below(COMMAND), first
        group = below(below(COMMAND)[first])
        assert not group or not second or second in group, second


@every_page
def test_every_setting_is_read_by_something(page, tmp_path):
    fields = {
        name
        for each in (Settings, GatewaySettings, *OF_IDENTITY, *OF_CATALOG, *OF_LISTENING)
        for name in each.model_fields
    }
    given = {str(each.envvar) for each in options(COMMAND) if each.envvar}
    kept = re.findall(r"^(\w+)=", make_keys(tmp_path, {}).dotenv(), re.MULTILINE)
    composed = re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())
    known = {f"SIDETRACK_{name.upper()}" for name in fields} | given | BESIDE | {*kept, *composed}
    assert set(re.findall(r"\bSIDETRACK(?:_[A-Z]+)+\b", page.read_text("utf-8"))) <= known


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in ROOT.glob("docs/**/*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


@every_page
def test_every_module_and_folder_is_there(page):
    for path in re.findall(r"`([a-z_]+/[a-z_/]+(?:/|\.py))`", prose(page)):
        assert any((source / path).exists() for source in SOURCES), path
