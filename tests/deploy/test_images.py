"""What the Dockerfile says, and what an image holds once it is built."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from standalone.system import SERVICES
from tests.deploy.compose import PROCESSES, ROOT
from tests.deploy.images import PACKAGES, build, stages, wheels

INSTALLED = (
    "import json; from importlib.metadata import distributions; print(json.dumps([d.name for d in distributions()]))"
)
HEADS = "import json; from {0}.main import app; print(json.dumps(sorted(app.state.heads)))"
# Finds our packages as their wheels have them, and of everybody else's those that are locked.
ALONE = """
import sys
sys.path[:0] = {path!r}
from importlib.metadata import packages_distributions
normal = lambda name: name.replace("_", "-").replace(".", "-").lower()
owners = packages_distributions()
hidden = {{module for module, names in owners.items() if not {{normal(name) for name in names}} & {there!r}}}
class Hide:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hide())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Every package as its wheel has it, in a folder of its own: `installed["club"]`."""
    folder = tmp_path_factory.mktemp("wheels")
    places = {}
    for wheel in wheels(folder):
        name = wheel.name.split("-")[0].removeprefix("sidetrack_")
        places[name] = folder / name
        zipfile.ZipFile(wheel).extractall(places[name])
    return places


def run_in_image(name, installed, code):
    """What the code prints where only the wheels and the lock of this process are installed."""
    own = ["contracts", "chassis", name]
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "locks" / f"{name}.lock").read_text(), flags=re.MULTILINE)
    path = [*(str(installed[each]) for each in own), sysconfig.get_path("purelib")]
    before = ALONE.format(path=path, there={*locked, *(f"sidetrack-{each}" for each in own)})
    clean = {setting: said for setting, said in os.environ.items() if not setting.startswith("SIDETRACK_")}
    # -S: what is installed editable is found through .pth files.
    command = [sys.executable, "-I", "-S", "-c", before + code]
    return subprocess.run(command, env=clean, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_in_its_image_finds_what_it_loads_and_its_migrations(name, installed):
    assert json.loads(run_in_image(name, installed, HEADS.format(name))) == sorted(SERVICES[name].state.heads)


def test_the_gateway_in_its_image_finds_what_it_loads(installed):
    loads = "import chassis.serve, gateway.main; from gateway import docs; print(docs.page().status_code)"
    assert run_in_image("gateway", installed, loads) == "200\n"


def test_a_wheel_has_every_file_of_its_source(installed):
    for place in PACKAGES:
        package = next((place / "src").iterdir())
        wanted = {path.relative_to(place / "src") for path in package.rglob("*") if path.is_file()}
        found = {path.relative_to(installed[package.name]) for path in installed[package.name].rglob("*")}
        assert {path for path in wanted if path.suffix != ".pyc"} <= found


def test_the_locks_agree_on_every_version():
    pins = {}
    for lock in [ROOT / "requirements.lock", *(ROOT / "locks").iterdir()]:
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_whatever_is_installed_is_pinned_by_its_hash():
    for said in stages()["build"].words("RUN"):
        for command in re.findall(r"pip (?:--python \S+ )?(?:install|wheel) [^&]+", said):
            assert "--no-deps" in command
            assert "--require-hashes" in command or re.search(r"--no-index|--no-build-isolation", command)


@pytest.mark.parametrize("name", ["service", "operator"])
def test_no_image_runs_as_root_or_with_what_built_it(name):
    stage = stages()[name]
    assert stage.words("USER")[-1] == "10001"
    assert stages()["service"].parent == stages()["build"].parent
    copied = [said for said in stage.words("COPY") if said.startswith("--from=build")]
    assert copied in ([], ["--from=build /opt/sidetrack /opt/sidetrack"])


def test_what_is_copied_is_there_and_let_through():
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for said in stages()["build"].words("COPY"):
        for source in said.split()[:-1]:
            name = source.replace("${SERVICE}", "club")
            assert (ROOT / name).exists()
            assert any(Path(name).is_relative_to(each) for each in let_through)


@pytest.mark.prove
@pytest.mark.parametrize("name", [*PROCESSES, "standalone"])
def test_what_the_building_stage_does_makes_an_environment_that_runs(tmp_path, name):
    environment = build(name, tmp_path)
    python = [environment / "bin" / "python", "-I", "-c"]
    loads = "from standalone.command import app" if name == "standalone" else f"import {name}.main"
    subprocess.run([*python, loads], check=True)
    if name in SERVICES:
        found = subprocess.run([*python, HEADS.format(name)], check=True, capture_output=True).stdout
        assert json.loads(found) == sorted(SERVICES[name].state.heads)
    installed = set(json.loads(subprocess.run([*python, INSTALLED], check=True, capture_output=True).stdout))
    everything = {f"sidetrack-{next((place / 'src').iterdir()).name}" for place in PACKAGES}
    own = everything if name == "standalone" else {"sidetrack-contracts", "sidetrack-chassis", f"sidetrack-{name}"}
    assert {each for each in installed if each.startswith("sidetrack-")} == own
    assert not {"pip", "hatchling"} & installed
