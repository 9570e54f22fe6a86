"""`sidetrack import`, before a server that says yes to everything or to what it is told."""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from club.threads import exports
from club.threads.readings import Reading
from standalone.command import app
from standalone.history import sending
from standalone.history.sending import calls

EXPORTS = Path(__file__).parents[3] / "services" / "club" / "tests" / "threads" / "exports"
GUILD = "193842067721486337"
ID = "019ab6f1-2222-7222-8222-222222222222"


class Sidetrack(ThreadingHTTPServer):
    """Answers as the club would; `fates` are told by kind, and what was asked is kept."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked, self.fates, self.guild, self.kept = [], {}, GUILD, []
        self.left = iter([7, 0])

    @property
    def calls(self):
        return [body for method, _, body in self.asked if method == "POST"]

    def answer(self, method, path, body):
        self.asked.append((method, path, body))
        if method == "POST":
            return self._imported(body)
        if method == "DELETE":
            return {
                "id": ID,
                "undone_at": "2026-01-04T10:00:00Z",
                "removed": 12,
                "left": next(self.left),
                "kept": self.kept,
            }
        if path.startswith("/clubs/main/imports"):
            one = {"id": ID, "name": "Threads", "written": {"week": 3}, "created_at": "2026-01-04T10:00:00Z"}
            return {"items": [one | {"undone_at": None}], "next_cursor": None}
        return {"slug": "main", "guild_id": self.guild, "rules": {"nominations_per_member": 1}}

    def _imported(self, body):
        fates = [self.fates.get(item["kind"], ("made", None)) for item in body["items"]]
        outcomes = [
            {"index": index, "outcome": fate, "code": reason and "x", "reason": reason}
            for index, (fate, reason) in enumerate(fates)
        ]
        return {"id": None if body["dry_run"] else ID, "dry_run": body["dry_run"], "outcomes": outcomes}


class _Answer(BaseHTTPRequestHandler):
    def _handle(self):
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        content = json.dumps(self.server.answer(self.command, self.path, body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _handle  # noqa: N815 — as the library calls them

    def log_message(self, *_):
        pass


@pytest.fixture
def sidetrack(monkeypatch):
    with Sidetrack() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("SIDETRACK_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("SIDETRACK_BOT_KEY", "sdt_abcdefgh_" + "x" * 40)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def run(sidetrack):
    def command(*arguments):
        return CliRunner().invoke(app, ["import", *map(str, arguments)])

    return command


@pytest.fixture
def folder(tmp_path):
    """A copy of the exports that a test may spoil."""
    shutil.copytree(EXPORTS, tmp_path / "exports")
    return tmp_path / "exports"


def row(output, kind):
    """The numbers of one row of the table."""
    line = next(line for line in output.splitlines() if kind in line)
    return [int(cell) for cell in line.replace("│", " ").split() if cell.isdecimal()]


def test_without_apply_it_is_only_told(run, sidetrack):
    told = run("discord-export", EXPORTS)
    assert told.exit_code == 0, told.output
    assert [body["dry_run"] for body in sidetrack.calls] == [True]
    assert [row(told.stdout, kind) for kind in ("weeks", "nominations", "winners", "ratings")] == [
        [3, 0, 0, 0, 0, 0],
        [7, 0, 0, 0, 0, 3],
        [2, 0, 0, 0, 0, 2],
        [7, 0, 0, 0, 0, 2],
    ]
    assert "3 talk" in told.stdout
    assert "Nothing is written yet" in told.stdout


def test_with_apply_it_is_written_and_says_how_to_take_it_back(run, sidetrack):
    told = run("discord-export", EXPORTS, "--apply")
    assert told.exit_code == 0, told.output
    assert [body["dry_run"] for body in sidetrack.calls] == [False]
    assert f"sidetrack import undo {ID}" in told.stdout


def test_what_is_doubtful_or_contradicted_is_written_for_review(run, sidetrack, tmp_path):
    sidetrack.fates = {"winner": ("conflict", "This stands already.")}
    told = run("discord-export", EXPORTS, "--review", tmp_path / "review.jsonl")
    assert told.exit_code == 0
    lines = [json.loads(line) for line in (tmp_path / "review.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == 7 + 2
    assert all(line["why"] and line["decision"] is None for line in lines)
    assert {line["key"].split(":")[0] for line in lines if "This stands already." in line["why"]} == {"winner"}
    assert "2 conflict: This stands already." in told.stdout


def test_decisions_are_taken_from_an_edited_review(run, sidetrack, tmp_path):
    review = tmp_path / "review.jsonl"
    run("discord-export", EXPORTS, "--review", review)
    before = len(sidetrack.calls[0]["items"])
    lines = [json.loads(line) for line in review.read_text("utf-8").splitlines()]
    for line in lines:
        line["decision"] = "accept" if "Dummy" in line["typed"] else "drop"
    review.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    told = run("discord-export", EXPORTS, "--decisions", review)
    assert (told.exit_code, len(sidetrack.calls[1]["items"])) == (0, before + 1)
    assert "6 dropped by decision" in told.stdout
    assert sidetrack.calls[0]["source"] == sidetrack.calls[1]["source"]


def test_something_refused_is_told_and_is_a_failure_once_it_was_to_be_written(run, sidetrack):
    sidetrack.fates = {"rating": ("refused", "This week has no winner yet.")}
    assert run("discord-export", EXPORTS).exit_code == 0
    told = run("discord-export", EXPORTS, "--apply")
    assert told.exit_code == 1
    assert "7 refused: This week has no winner yet." in told.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"week,album", "is not JSON."),
        (b"{}", "no export of a channel"),
        ((EXPORTS / "003-ratings.json").read_bytes()[:-20], "ends in the middle"),
        (b"\xff\xfe", "is not UTF-8 text."),
    ],
)
def test_of_files_that_cannot_be_read_each_is_named_and_nothing_is_sent(run, sidetrack, folder, content, sentence):
    (folder / "broken.json").write_bytes(content)
    (folder / "other.json").write_bytes(b"[]")
    told = run("discord-export", folder, "--apply")
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert "other.json is JSON, but no export" in told.stderr
    assert sidetrack.asked == []


def test_a_file_that_is_too_large_is_not_read(run, sidetrack, folder):
    with (folder / "huge.json").open("wb") as huge:
        huge.truncate(exports.LARGEST + 1)
    told = run("discord-export", folder)
    assert told.exit_code == 2
    assert "is larger than 64 MiB" in told.stderr


@pytest.mark.parametrize("missing", ["nowhere.json", "."])
def test_files_that_are_not_there_are_named(run, sidetrack, tmp_path, missing):
    assert run("discord-export", tmp_path / missing).exit_code == 2


def test_a_file_given_twice_is_read_once_and_said_so(run, sidetrack, folder):
    shutil.copy(folder / "003-ratings.json", folder / "copy.json")
    told = run("discord-export", folder)
    assert told.exit_code == 0
    assert "copy.json is the same as 003-ratings.json" in told.stdout
    assert row(told.stdout, "ratings") == [7, 0, 0, 0, 0, 2]


def test_files_of_another_server_are_refused_unless_they_are_wanted(run, sidetrack):
    sidetrack.guild = "1"
    refused = run("discord-export", EXPORTS, "--apply")
    assert refused.exit_code == 1
    assert "another server" in refused.stderr
    assert sidetrack.calls == []
    assert run("discord-export", EXPORTS, "--any-guild").exit_code == 0


def test_a_club_without_a_server_takes_files_of_one(run, sidetrack, folder):
    sidetrack.guild = None
    assert run("discord-export", folder).exit_code == 0
    other = json.loads((folder / "005-ratings.json").read_text("utf-8"))
    other["guild"]["id"] = "2"
    (folder / "005-ratings.json").write_text(json.dumps(other), "utf-8")
    assert run("discord-export", folder).exit_code == 1


def test_decisions_that_are_none_are_refused_before_anything_is_sent(run, sidetrack, tmp_path):
    (tmp_path / "decisions.jsonl").write_text("accept all\n", "utf-8")
    told = run("discord-export", EXPORTS, "--decisions", tmp_path / "decisions.jsonl")
    assert told.exit_code == 2
    assert "Line 1" in told.stderr
    assert sidetrack.asked == []


def test_a_review_that_could_not_be_written_is_refused_first(run, sidetrack, tmp_path):
    for review in (tmp_path, tmp_path / "nowhere" / "review.jsonl"):
        assert run("discord-export", EXPORTS, "--apply", "--review", review).exit_code == 2
    assert sidetrack.asked == []


def test_imports_are_listed_and_undone(run, sidetrack):
    sidetrack.kept = [{"kind": "rating", "subject_id": ID, "number": 3, "reason": "Somebody has changed this."}]
    assert ID in run("list").stdout
    told = run("undo", ID)
    assert "Taken back: 12." in told.stdout
    assert f"the rating {ID} of week 3: Somebody has changed this." in told.stdout


def reading(kind, number, nth=0, **body):
    source = {"message_id": str(nth), "at": "2025-11-24T00:00:00Z"}
    return Reading(kind, {"number": number, "provenance": source, **body}, 1)


def test_a_long_plan_is_sent_in_calls_that_each_stand_for_themselves():
    plan = [
        each
        for number in range(1, 4)
        for each in (
            reading("week", number),
            reading("winner", number, 1),
            *(reading("rating", number, nth) for nth in range(2, 302)),
        )
    ]
    sent = [*calls(plan)]
    assert all(len(call) <= sending.ITEMS for call in sent)
    assert {each.key for call in sent for each in call} == {each.key for each in plan}
    for call in sent:
        for number in {each.number for each in call}:
            assert {"week", "winner"} <= {each.kind for each in call if each.number == number}


def test_calls_stay_below_what_the_gateway_takes():
    plan = [reading("week", 1), *(reading("rating", 1, nth, review="é" * 4000) for nth in range(150))]
    assert all(len(json.dumps([each.item() for each in call])) < 2**20 for call in calls(plan))
