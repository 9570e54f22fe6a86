"""The data folder: made whole or not at all, and refused when another major version made it."""

import os
import shutil
import tempfile
from pathlib import Path

from chassis.errors import Conflict, Unavailable
from standalone.home import sync_folder
from standalone.postgres.account import Account, give
from standalone.postgres.binaries import Binaries
from standalone.postgres.programs import run

SUPERUSER = "postgres"
# The server must not see the process's own secrets, nor a PGDATA or a language of the person who starts it.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
# C.UTF-8 knows letters and sorts the same everywhere; where the system lacks it, letters matter more than order.
LOCALES = ("C.UTF-8", "en_US.UTF-8", "C")


class OtherMajorVersion(Conflict):
    sentence = "Another version of PostgreSQL made the data in this home."


class NotMade(Unavailable):
    sentence = "PostgreSQL could not make its data folder."


def make_cluster(data: Path, binaries: Binaries, account: Account | None, password: str) -> None:
    """Harmless to repeat. Raises OtherMajorVersion, NotMade."""
    if data.exists():
        _require_same_major(data, binaries)
        return
    draft = data.with_name(f"{data.name}.new")
    if draft.exists():  # the machine stopped while it was made
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    give(draft, account)
    _initdb(draft, binaries, account, password)
    draft.replace(data)
    sync_folder(data.parent)


def _require_same_major(data: Path, binaries: Binaries) -> None:
    made_by = (data / "PG_VERSION").read_text("ascii").strip()
    if made_by != str(binaries.major):
        raise OtherMajorVersion(
            f"PostgreSQL {made_by} made the data in {data}, and this release brings {binaries.major}. With the release "
            "that ran before: `sidetrack backup club.backup`. Then with this one, and SIDETRACK_HOME set to a new "
            "folder: `sidetrack restore club.backup`."
        )


def _initdb(data: Path, binaries: Binaries, account: Account | None, password: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=data.parent, prefix=".password.") as file:
        file.write(password)
        file.flush()
        give(Path(file.name), account)
        who = ("--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={file.name}")
        for locale in LOCALES:
            words = ("--encoding=UTF8", f"--locale={locale}", "--lc-messages=C")
            initdb = (binaries.tool("initdb"), f"--pgdata={data}", *who, *words)
            made = run(*initdb, env=ENVIRONMENT, account=account)
            if "invalid locale name" not in made.stderr:
                break
    if made.returncode:
        raise NotMade(f"PostgreSQL could not make {data}: {made.stderr.strip()}")
