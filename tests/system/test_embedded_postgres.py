"""The embedded PostgreSQL: as root and without, through kills, beside strays, and refusing what is not its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from standalone.home import locked
from standalone.postgres import Postgres, find_running, postmaster, reached
from standalone.postgres.account import Account, Unreachable, account_for, as_account, require_way_to
from standalone.postgres.binaries import Binaries, reachable, server_binaries
from standalone.postgres.client import DatabaseRefused, query
from standalone.postgres.cluster import OtherMajorVersion
from standalone.postgres.server import DidNotStart, NotRunning
from tests.homes import FAST, as_ordinary_user, lives, new_home, reachable_folder, until

KEEP = "CREATE TABLE kept (row int); INSERT INTO kept VALUES (7)"
KEPT = "SELECT row FROM kept"
# A process with a server; given "stray", one whose server does not hear of its death.
PARENT = """
import sys, time
from pathlib import Path
from standalone.postgres import Postgres, process
from standalone.postgres.client import query
if sys.argv[2:] == ["stray"]:
    process.end_with_parent = lambda: None
postgres = Postgres(Path(sys.argv[1]))
postgres.start()
query(postgres.url, "CREATE TABLE kept (row int); INSERT INTO kept VALUES (7)")
print("up", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def binaries():
    with reachable_folder() as folder:
        yield reachable(server_binaries(), folder, account_for(folder / "none"))


@pytest.fixture(autouse=True)
def copied_once(monkeypatch, binaries):
    """As root each new home would copy the wheel's."""
    monkeypatch.setattr("standalone.postgres.server.server_binaries", lambda: binaries)


@pytest.fixture
def empty_home():
    with new_home() as home:
        yield home


@pytest.fixture(scope="module")
def used_home(binaries):
    with new_home() as home:
        with Postgres(home, FAST, binaries):
            pass
        yield home


@pytest.fixture
def home(used_home):
    """One whose server has run before: a copy, which is quicker than making it."""
    with reachable_folder() as folder:
        subprocess.run(["/bin/cp", "--archive", used_home, folder], check=True)
        yield folder / used_home.name


@pytest.fixture(scope="module")
def running(binaries):
    with new_home() as home, Postgres(home, FAST, binaries) as postgres:
        yield postgres


@pytest.fixture
def killed(home):
    """A process that started the home's server and was killed; the server's pid."""

    def kill(*how: str) -> int:
        parent = subprocess.Popen([sys.executable, "-c", PARENT, home, *how], stdout=subprocess.PIPE)
        with closing(parent.stdout):
            assert parent.stdout.readline() == b"up\n"
        server = postmaster.living(home / "postgres" / "data").pid
        parent.kill()
        parent.wait()
        return server

    return kill


def test_it_serves_as_whoever_runs_the_suite(running):
    assert query(running.url, "SELECT current_database(), current_setting('server_encoding')") == "sidetrack|UTF8"


def test_it_serves_an_ordinary_user(binaries):
    def serve():
        with Postgres(home, FAST) as postgres:
            assert query(postgres.url, "SELECT 1", binaries.tool("psql")) == "1"

    with reachable_folder() as home:
        assert as_ordinary_user(serve, home)


def test_its_programs_may_lie_where_only_their_owner_can_enter(empty_home, tmp_path):
    found = server_binaries()
    tmp_path.chmod(0o700)
    shutil.copytree(found.folder.parent, tmp_path / "venv")
    hidden = Binaries(tmp_path / "venv" / found.folder.name, found.version, private=True)
    with Postgres(empty_home, FAST, hidden) as postgres:
        assert query(postgres.url, "SELECT 1") == "1"


def test_no_server_runs_as_root(running):
    command = "SELECT pg_read_file('/proc/self/status')"
    user = re.search(r"Uid:\s+(\d+)", query(running.url, command))
    assert int(user[1]) != 0


def test_it_has_what_the_schemas_need(running):
    query(running.url, "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
    assert query(running.url, "SELECT similarity('björk', 'BJÖRK'), unaccent('Björk')") == "1|Bjork"


def test_it_asks_for_its_password(running):
    guessed = re.sub(r"postgres:\w+@", "postgres:guess@", running.url)
    with pytest.raises(DatabaseRefused, match="password authentication failed"):
        query(guessed, "SELECT 1")


def test_the_server_does_not_see_the_secrets_of_its_process(monkeypatch, home):
    monkeypatch.setenv("SIDETRACK_ADMIN_KEY", "sdt_secret00_")
    with Postgres(home, FAST) as postgres:
        assert "SIDETRACK" not in query(
            postgres.url, "SELECT encode(pg_read_binary_file('/proc/self/environ'), 'escape')"
        )


def test_what_was_kept_is_there_after_a_restart(home):
    with Postgres(home) as postgres:
        query(postgres.url, KEEP)
    with Postgres(home) as postgres:
        assert query(postgres.url, KEPT) == "7"


def test_it_ends_with_a_parent_that_was_killed_and_recovers(home, killed):
    server = killed()
    until(lambda: not lives(server))
    with locked(home), Postgres(home) as postgres:
        assert query(postgres.url, KEPT) == "7"


def test_a_stray_server_is_ended_before_the_next_starts(home, killed):
    server = killed("stray")
    assert lives(server)
    with locked(home), Postgres(home) as postgres:
        until(lambda: not lives(server))
        assert query(postgres.url, KEPT) == "7"


def test_it_recovers_when_the_server_itself_was_killed(home):
    with Postgres(home) as postgres:
        query(postgres.url, KEEP)
        os.kill(postmaster.living(home / "postgres" / "data").pid, signal.SIGKILL)
        until(lambda: not postgres.running)
        postgres.start()
        assert query(postgres.url, KEPT) == "7"


def test_a_process_that_got_the_pid_of_a_killed_server_is_left_alone(home):
    with Postgres(home) as postgres:
        query(postgres.url, KEEP)
        os.kill(postmaster.living(home / "postgres" / "data").pid, signal.SIGKILL)
        until(lambda: not postgres.running)
    data = home / "postgres" / "data"
    with subprocess.Popen(["/bin/sleep", "600"], cwd="/", **as_account(account_for(data))) as other:
        record = data / "postmaster.pid"
        record.write_text("\n".join([str(other.pid), *record.read_text().split("\n")[1:]]))
        with Postgres(home) as postgres:
            assert query(postgres.url, KEPT) == "7"
        assert other.poll() is None
        other.kill()


def test_data_of_another_major_version_are_refused_with_the_way_out(home):
    (home / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(OtherMajorVersion, match=r"(?s)PostgreSQL 14.*sidetrack backup.*sidetrack restore"):
        Postgres(home, FAST).start()


def test_data_that_were_left_half_made_are_made_anew(empty_home):
    half = empty_home / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").touch()
    with Postgres(empty_home, FAST) as postgres:
        assert query(postgres.url, "SELECT 1") == "1"
    assert not half.exists()


def test_a_server_that_does_not_start_says_why(home):
    with pytest.raises(DidNotStart, match="shared_buffers"):
        Postgres(home, {"shared_buffers": "plenty"}).start()


def test_a_port_that_is_taken_meanwhile_is_passed_over(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        ports = [free.getsockname()[1], taken.getsockname()[1]]
        free.close()
        monkeypatch.setattr("standalone.postgres.server._free_port", ports.pop)
        with Postgres(home, FAST) as postgres:
            assert query(postgres.url, "SELECT 1") == "1"


def test_a_thread_that_would_take_it_along_may_not_start_it(empty_home):
    with ThreadPoolExecutor() as pool, pytest.raises(RuntimeError, match="main"):
        pool.submit(Postgres(empty_home).start).result()


def test_a_folder_that_its_account_cannot_enter_is_named():
    with reachable_folder() as folder:
        folder.chmod(0o700)
        (folder / "home").mkdir(mode=0o711)
        stranger = Account("stranger", 4_000_000, 4_000_000)
        with pytest.raises(Unreachable, match=f"stranger, who cannot enter {folder}"):
            require_way_to(folder / "home", stranger)


def test_a_command_finds_the_server_that_runs(home):
    with Postgres(home, FAST) as postgres:
        assert find_running(home) == postgres.url
    with pytest.raises(NotRunning):
        find_running(home)


def test_a_command_shares_a_running_server_and_else_has_its_own_for_a_while(home):
    with locked(home), Postgres(home, FAST) as postgres, reached(home) as address:
        assert address == postgres.url
    with reached(home) as address:
        assert query(address, "SELECT 1") == "1"
    with pytest.raises(NotRunning):
        find_running(home)
