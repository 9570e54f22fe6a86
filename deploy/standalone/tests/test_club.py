"""`sidetrack club`, where there is nobody to speak to, or nothing to say."""

import pytest
from tests.servers import free_port
from typer.testing import CliRunner

from standalone.command import app

KEY = f"sdt_admin001_{'x' * 32}"


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("SIDETRACK_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("SIDETRACK_ADMIN_KEY", KEY)

    def command(*words):
        return CliRunner().invoke(app, ["club", *map(str, words)])

    return command


def test_where_nobody_answers_there_is_no_file(run, tmp_path):
    told = run("export", tmp_path / "club.json")
    assert told.exit_code == 1
    assert "Nobody answers at this address" in told.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    told = run("restore", tmp_path / "club.json")
    assert told.exit_code == 1
    assert "club.json: No such file or directory." in told.stderr


def test_the_key_is_in_no_answer(run, tmp_path):
    (tmp_path / "club.json").write_text("{}")
    for words in (("export", tmp_path / "other.json"), ("restore", tmp_path / "club.json")):
        told = run(*words)
        assert told.exit_code == 1
        assert KEY not in told.output
