"""One file that holds a club, and what a restore refuses."""

import asyncio
import stat
import zipfile

import pytest

from chassis.provision import provision
from chassis.settings import Settings
from standalone import backup as backups
from standalone.backup import (
    BackupFailed,
    FromNewerRelease,
    FromNewerServer,
    NoBackup,
    NotEmpty,
    NothingToBackUp,
    RestoreFailed,
    backup,
    read_manifest,
    release,
    restore,
)
from standalone.postgres import Postgres
from standalone.postgres.client import DatabaseRefused, query
from tests.homes import FAST, new_home

SECRET = "a secret of the suite"
FILL = """
SET ROLE club_owner;
CREATE TABLE club.weeks (number int PRIMARY KEY, label text NOT NULL);
INSERT INTO club.weeks SELECT n, 'WEEK ' || n || ' Björk, 小椋 佳' FROM generate_series(1, 500) n;
"""
WEEKS = "SELECT md5(string_agg(number || label, ',' ORDER BY number)) FROM club.weeks"


@pytest.fixture(scope="module")
def server():
    with new_home() as home, Postgres(home, FAST) as postgres:
        yield postgres.url


@pytest.fixture
def database(server, request):
    """Makes databases with the roles, schemas and extensions of two services, and no table."""
    names = []

    def make() -> str:
        names.append(f"club{len(names)}")
        query(server, f"CREATE DATABASE {names[-1]}")
        url = server.replace("/sidetrack", f"/{names[-1]}")
        asyncio.run(provision(Settings(role_secret=SECRET), url, ["club", "taste"]))
        return url

    yield make
    for name in names:
        query(server, f"DROP DATABASE {name}")


@pytest.fixture
def full(database):
    url = database()
    query(url, FILL)
    return url


@pytest.fixture
def saved(full, tmp_path):
    file = tmp_path / "club.backup"
    backup(full, file)
    return file


def test_a_restored_club_has_the_same_rows(full, saved, database):
    empty = database()
    restore(empty, saved)
    assert query(empty, WEEKS) == query(full, WEEKS)


def test_a_backup_comes_back_in_a_home_of_its_own(full, saved):
    with new_home() as home, Postgres(home, FAST) as postgres:
        asyncio.run(provision(Settings(role_secret=SECRET), postgres.url, ["club", "taste"]))
        restore(postgres.url, saved)
        assert query(postgres.url, WEEKS) == query(full, WEEKS)


def test_owners_and_rights_come_back_too(saved, database):
    url = database()
    restore(url, saved)
    assert query(url, "SELECT tableowner FROM pg_tables WHERE schemaname = 'club'") == "club_owner"
    assert query(url, "SET ROLE club; SELECT count(*) FROM club.weeks") == "500"
    with pytest.raises(DatabaseRefused, match="permission denied"):
        query(url, "SET ROLE taste; SELECT count(*) FROM club.weeks")
    query(url, "SET ROLE club_owner; CREATE TABLE club.later (row int)")
    assert query(url, "SET ROLE club; SELECT count(*) FROM club.later") == "0"


def test_extensions_serve_after_a_restore(saved, database):
    url = database()
    restore(url, saved)
    assert query(url, "SELECT ext.unaccent('Björk')") == "Bjork"


def test_a_backup_says_what_made_it_and_is_for_its_owner_alone(saved):
    assert read_manifest(saved).version == release()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_a_backup_holds_no_password(saved):
    with zipfile.ZipFile(saved) as archive:
        assert not [name for name in archive.namelist() if b"SCRAM-SHA-256" in archive.read(name)]


def test_an_empty_database_is_no_backup(database, tmp_path):
    with pytest.raises(NothingToBackUp):
        backup(database(), tmp_path / "club.backup")


def test_a_backup_that_fails_leaves_no_file_and_the_old_one(full, saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr(backups, "command", lambda *_: ["/bin/sh", "-c", "echo torn; echo disk full >&2; exit 1"])
    with pytest.raises(BackupFailed, match="disk full"):
        backup(full, saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_backup_into_a_folder_that_is_not_there_is_refused(full, tmp_path):
    with pytest.raises(BackupFailed, match="No such file"):
        backup(full, tmp_path / "nowhere" / "club.backup")


def test_a_database_that_holds_something_is_not_restored_over(full, saved):
    with pytest.raises(NotEmpty, match="SIDETRACK_HOME"):
        restore(full, saved)


@pytest.mark.parametrize(
    ("field", "value", "refusal"), [("version", "99.0.0", FromNewerRelease), ("postgres_major", 99, FromNewerServer)]
)
def test_a_backup_from_the_future_is_refused(saved, database, field, value, refusal):
    _rewrite(saved, manifest={field: value})
    with pytest.raises(refusal, match="99"):
        restore(database(), saved)


def test_half_a_backup_is_refused(saved, database):
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(NoBackup):
        restore(database(), saved)


def test_a_backup_with_a_flipped_bit_is_refused(saved, database):
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    saved.write_bytes(content)
    with pytest.raises(NoBackup):
        restore(database(), saved)


def test_any_other_file_is_refused(database, tmp_path):
    (tmp_path / "notes").write_text("not a backup")
    for file in (tmp_path / "notes", tmp_path / "missing"):
        with pytest.raises(NoBackup):
            restore(database(), file)


def test_a_restore_that_fails_leaves_the_database_empty(saved, database):
    url = database()
    _rewrite(saved, cut=1000)
    with pytest.raises(RestoreFailed):
        restore(url, saved)
    assert query(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'club'") == "0"


def _rewrite(file, manifest=None, cut=0) -> None:
    """The same backup with another manifest, or with a dump that lacks its end."""
    told = read_manifest(file).model_copy(update=manifest or {})
    with zipfile.ZipFile(file) as archive:
        dump = archive.read(backups.DUMP)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(backups.MANIFEST, told.model_dump_json())
        archive.writestr(backups.DUMP, dump[: len(dump) - cut])
