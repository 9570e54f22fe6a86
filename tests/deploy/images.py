"""The Dockerfile as a test reads it: its stages, and the stage that builds, followed without an engine."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
PACKAGES = [ROOT / "gateway", *(ROOT.glob("libs/*")), *ROOT.glob("services/*"), ROOT / "deploy" / "standalone"]
PLACE = "/opt/sidetrack"
UNWANTED = shutil.ignore_patterns("tests", "__pycache__", "*.egg-info")


@dataclass
class Stage:
    parent: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def words(self, keyword: str) -> list[str]:
        """What the stage says under this keyword, in order."""
        return [said for found, said in self.steps if found == keyword]


def stages() -> dict[str, Stage]:
    """By name. What is said before the first is filled in where a stage begins."""
    found: dict[str, Stage] = {}
    defaults: dict[str, str] = {}
    for keyword, said in _instructions():
        if keyword == "FROM":
            parent, _, name = said.partition(" AS ")
            stage = found.setdefault(name, Stage(Template(parent).substitute(defaults)))
        elif found:
            stage.steps.append((keyword, said))
        else:
            defaults |= [said.split("=")]
    return found


def exec_form(said: str) -> list[str]:
    words: list[str] = json.loads(said)
    return words


def build(service: str, folder: Path) -> Path:
    """Do what the building stage does, in `folder` and with this Python; the environment it makes."""
    environment, source = folder / "opt", folder / "source"
    source.mkdir()
    builder = folder / "builder"
    _run([sys.executable, "-m", "venv", builder])
    variables = os.environ | {"PATH": f"{builder / 'bin'}:{os.environ['PATH']}", "SERVICE": service}
    for keyword, said in stages()["build"].steps:
        if keyword == "COPY":
            _copy(said.replace("${SERVICE}", service), source)
        elif keyword == "RUN":
            _run(["/bin/sh", "-ec", said.replace(PLACE, str(environment))], cwd=source, env=variables)
    return environment


def wheels(folder: Path) -> list[Path]:
    """Every package of ours, built into `folder`."""
    packages = [f"./{place.relative_to(ROOT)}" for place in PACKAGES]
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder]
    _run([sys.executable, "-m", "pip", "wheel", *offline, *packages], cwd=ROOT)
    return sorted(folder.glob("*.whl"))


def _run(command: list[Any], **how: Any) -> None:
    done = subprocess.run(command, **how, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line]
    return [(keyword, said.strip()) for keyword, _, said in lines]


def _copy(said: str, source: Path) -> None:
    *names, target = shlex.split(said)
    for name in names:
        place = source / target / Path(name).name if target.endswith("/") else source / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=UNWANTED)
        else:
            shutil.copy(ROOT / name, place)
