"""Brings a schema to the release's tables, as its owner."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from chassis.bus.delivery import Delivery
from chassis.db import EXTENSIONS, Base
from chassis.errors import Conflict
from chassis.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"
_TABLE = text("SELECT to_regclass('alembic_version') IS NOT NULL")
_PRESENT = text("SELECT version_num FROM alembic_version")
_SAID = re.compile(r"^(revision|down_revision) = (.+)$", re.MULTILINE)


class NewerSchema(Conflict):
    sentence = "A newer release of Sidetrack migrated this database; please run that one."


class Step(NamedTuple):
    """A migration, and which one it comes after."""

    revision: str
    follows: str | None

    @classmethod
    def read(cls, file: Path) -> Self:
        said = {name: ast.literal_eval(value) for name, value in _SAID.findall(file.read_text("utf-8"))}
        return cls(said["revision"], said["down_revision"])


@dataclass(frozen=True)
class Schema:
    """One schema, its tables, and where its migrations lie."""

    name: str
    metadata: list[MetaData]
    versions: tuple[Path, ...]

    @property
    def config(self) -> "Config":
        from alembic.config import Config  # noqa: PLC0415 — most starts migrate nothing, and need not load it

        config = Config()
        config.set_main_option("script_location", str(HERE))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(map(str, self.versions)))
        config.attributes["metadata"] = self.metadata
        return config

    @cached_property
    def steps(self) -> list[Step]:
        """Every migration of this release, read from its file: to run all of them takes a good part of a start."""
        files = (file for folder in self.versions for file in sorted(folder.glob("[0-9]*.py")))
        return [Step.read(file) for file in files]

    @cached_property
    def heads(self) -> set[str]:
        """The revisions this release knows as the newest."""
        return {each.revision for each in self.steps} - {each.follows for each in self.steps}

    @cached_property
    def age(self) -> int:
        """How many migrations of its own the service has: more with every release that changes its tables."""
        return sum(each.revision.startswith(f"{self.name}_") for each in self.steps)

    def known(self, revisions: set[str]) -> bool:
        """Whether this release has every one of these revisions."""
        return revisions <= {each.revision for each in self.steps}


BUS = Schema("bus", [Delivery.metadata], (HERE / "bus",))


def schema_of(service: str, metadata: MetaData) -> Schema:
    """The tables of `service`: the chassis's, which are in each, and its own."""
    return Schema(service, [Base.metadata, metadata], (HERE / "versions", *_versions(service)))


def _versions(service: str) -> list[Path]:
    spec = find_spec(service)
    packages = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    # Beside the source in a checkout, inside the package once it is built.
    found = [place for package in packages for place in (package.parent.parent, package)]
    return [path for place in found if (path := place / "migrations" / "versions").is_dir()][:1]


async def upgrade(settings: Settings, schema: Schema, revision: str = "heads") -> None:
    """Run what is missing. A second migrator waits for the first; one that was killed is taken up where it ended."""
    owner = f"{schema.name}_owner"
    search_path = {"search_path": f"{schema.name}, {EXTENSIONS}"}
    engine = create_async_engine(settings.role_url(owner), connect_args={"server_settings": search_path})
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, schema, revision)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, schema: Schema, revision: str) -> None:
    present = _current(connection)
    if revision == "heads" and present == schema.heads:
        return
    if not schema.known(present):
        raise NewerSchema(f"The schema {schema.name} was migrated by a newer release; please run that one.")
    connection.rollback()
    from alembic import command  # noqa: PLC0415 — most starts migrate nothing, and need not load it

    config = schema.config
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def revisions(tx: AsyncSession) -> set[str]:
    """The newest revisions that the database of `tx` has."""
    return await (await tx.connection()).run_sync(_current)


def _current(connection: Connection) -> set[str]:
    return {*connection.scalars(_PRESENT)} if connection.scalar(_TABLE) else set()
