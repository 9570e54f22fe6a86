"""The home folder, its lock and its secrets."""

import json
import os
import signal
import stat
import subprocess
import sys

import pytest

from chassis.settings import Settings
from chassis.tokens import Tokens
from identity.vault.rules import read_keys
from standalone.home import AlreadyRunning, HomeUnusable, default_home, locked, make_home, write_private
from standalone.keys import API_KEYS, PROCESSES, VAULT_KEYS, BadApiKey, add_vault_key, make_keys
from tests.homes import reachable_folder

ADDRESS = "postgresql://postgres:secret@127.0.0.1:5432/sidetrack"
FROM_ENVIRONMENT = "sdt_abcd1234_" + "x" * 32
HOLD = """
import sys, time
from pathlib import Path
from standalone.home import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home():
    with reachable_folder() as folder:
        yield make_home(folder / "some" / "where")


@pytest.fixture
def holder(home):
    process = subprocess.Popen([sys.executable, "-c", HOLD, home], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_home_lies_where_the_setting_says(monkeypatch, tmp_path):
    monkeypatch.setenv("SIDETRACK_HOME", str(tmp_path))
    assert default_home() == tmp_path


def test_nobody_else_can_list_a_home_that_we_made(home):
    assert home.stat().st_mode & 0o066 == 0


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(make_home(tmp_path).stat().st_mode) == 0o755


def test_a_home_that_cannot_be_made_is_refused_by_name(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="SIDETRACK_HOME"):
        make_home(tmp_path / "file" / "home")


def test_a_second_process_on_the_same_home_is_told_who_has_it(home, holder):
    with pytest.raises(AlreadyRunning, match=rf"already runs on this home \(pid {holder.pid}\)\."), locked(home):
        pass


def test_a_killed_process_holds_no_home(home, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with locked(home):
        assert (home / "lock").read_text() == f"{os.getpid()}\n"


def test_keys_are_made_once(home):
    first = make_keys(home, {})
    assert make_keys(home, {}) == first
    assert make_keys(home, {}).vault.key == first.vault.key


def test_a_new_vault_key_comes_before_the_others_which_stay(home):
    first = make_keys(home, {})
    made = add_vault_key(home)
    again = make_keys(home, {})
    assert [key.id for key in again.vault_keys] == [made.id, first.vault.id]
    assert again.vault.key == made.key != first.vault.key
    assert stat.S_IMODE((home / "vault.key").stat().st_mode) == 0o600


def test_only_identity_is_told_the_vault_s_keys_and_can_read_them(home):
    add_vault_key(home)
    keys = make_keys(home, {})
    told = {name for name in PROCESSES if VAULT_KEYS in keys.environment(name, ADDRESS)}
    assert told == {"identity"}
    read = read_keys(keys.environment("identity", ADDRESS)[VAULT_KEYS])
    assert [*read.items()] == [(key.id, key.key) for key in keys.vault_keys]


def test_what_an_older_release_did_not_make_is_added(home):
    first = make_keys(home, {})
    kept = {name: keys for name, keys in first.signing.items() if name != "taste"}
    (home / "keys.json").write_text(json.dumps(kept))
    again = make_keys(home, {})
    assert {name: again.signing[name] for name in kept} == kept
    assert again.signing["taste"] != first.signing["taste"]


def test_secrets_are_for_their_owner_alone(home):
    make_keys(home, {})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert modes == dict.fromkeys(["role_secret", "keys.json", "vault.key", "api-keys.env"], 0o600)


def test_a_write_that_fails_leaves_what_was_there(home, monkeypatch):
    write_private(home / "secret", "old")

    def power_cut(_):
        raise OSError

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError):  # noqa: PT011 — the cut itself
        write_private(home / "secret", "new")
    assert (home / "secret").read_text() == "old"


def test_secrets_are_not_shown_with_the_keys(home):
    keys = make_keys(home, {})
    assert not [secret for secret in (keys.role_secret, *keys.api.values()) if secret in repr(keys)]
    assert str(keys.vault) not in repr(keys)


def test_api_keys_in_the_environment_win_and_are_not_written_down(home):
    keys = make_keys(home, {"SIDETRACK_BOT_KEY": FROM_ENVIRONMENT})
    assert keys.api["SIDETRACK_BOT_KEY"] == FROM_ENVIRONMENT
    assert set(keys.api) == set(API_KEYS)
    assert FROM_ENVIRONMENT not in (home / "api-keys.env").read_text()


@pytest.mark.parametrize("wrong", ["hunter2", "sdt_ABCD1234_" + "x" * 32, "sdt_abcd1234_" + "x" * 31])
def test_something_else_than_an_api_key_is_refused_by_its_name(home, wrong):
    with pytest.raises(BadApiKey, match="SIDETRACK_BOT_KEY"):
        make_keys(home, {"SIDETRACK_BOT_KEY": wrong})


def test_made_api_keys_have_the_form_of_one(home):
    made = make_keys(home, {}).api
    assert make_keys(home, made).api == made


def test_every_process_is_believed_by_every_other(home, monkeypatch):
    keys = make_keys(home, {})
    club = Tokens("club", _settings(keys.environment("club", ADDRESS), monkeypatch))
    catalog = Tokens("catalog", _settings(keys.environment("catalog", ADDRESS), monkeypatch))
    assert catalog.verify(club.mint("catalog")).iss == "club"


def test_a_process_gets_no_private_key_but_its_own(home):
    keys = make_keys(home, {})
    for process in PROCESSES:
        told = "".join(keys.environment(process, ADDRESS).values())
        others = [keys.signing[name][0]["d"] for name in PROCESSES if name != process]
        assert not [secret for secret in others if secret in told]
        assert ("SIDETRACK_ADMIN_KEY" in keys.environment(process, ADDRESS)) == (process == "identity")


def test_a_shell_reads_the_dotenv_as_it_was_meant(home):
    keys = make_keys(home, {})
    (home / ".env").write_text(keys.dotenv())
    show = 'set -a; . "$1"; printf %s "$SIDETRACK_SIGNING_KEY_CLUB"'
    told = subprocess.run(["/bin/sh", "-c", show, "sh", home / ".env"], capture_output=True, check=True)
    assert json.loads(told.stdout) == keys.signing["club"][0]


def _settings(environment, monkeypatch) -> Settings:
    for name, setting in environment.items():
        monkeypatch.setenv(name, setting)
    return Settings()
