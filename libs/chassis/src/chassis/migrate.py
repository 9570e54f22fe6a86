"""Brings a schema to the release's tables, as its owner."""

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from chassis.bus.delivery import Delivery
from chassis.db import EXTENSIONS, Base
from chassis.errors import Conflict
from chassis.settings import Settings

HERE = Path(__file__).parent / "migrations"


class NewerSchema(Conflict):
    sentence = "A newer release of Sidetrack migrated this database; please run that one."


@dataclass(frozen=True)
class Schema:
    """One schema, its tables, and where its migrations lie."""

    name: str
    metadata: list[MetaData]
    versions: tuple[Path, ...]

    @property
    def config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(HERE))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(map(str, self.versions)))
        config.attributes["metadata"] = self.metadata
        return config

    @cached_property
    def heads(self) -> set[str]:
        """The revisions this release knows as the newest."""
        return set(ScriptDirectory.from_config(self.config).get_heads())

    @cached_property
    def age(self) -> int:
        """How many migrations of its own the service has: more with every release that changes its tables."""
        walked = ScriptDirectory.from_config(self.config).walk_revisions()
        return sum(script.revision.startswith(f"{self.name}_") for script in walked)

    def known(self, revisions: set[str]) -> bool:
        """Whether this release has every one of these revisions."""
        ours = {script.revision for script in ScriptDirectory.from_config(self.config).walk_revisions()}
        return revisions <= ours


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
    config = schema.config
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def revisions(tx: AsyncSession) -> set[str]:
    """The newest revisions that the database of `tx` has."""
    return await (await tx.connection()).run_sync(_current)


def _current(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())
