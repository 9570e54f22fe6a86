"""Whole weeks, driven through HTTP in any order and told twice, against a week kept with pencil and paper."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from itertools import count
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from club.proof.verification import faults
from contracts.results import Result
from tests.homes import until
from tests.system import weeks
from tests.system.copies import Copies, copied
from tests.system.wire import Wire

MEMBERS = {
    "Ida": "275928847299117063",
    "Jo": "280351110224678912",
    "Kim": "255149108183695360",
    "Lou": "241771983423143937",
}
ALBUMS = {
    "Blue": {"title": "Blue", "artist": "Joni Mitchell", "year": 1971},
    "Voodoo": {"title": "Voodoo", "artist": "D'Angelo", "year": 2000},
    "Vespertine": {"title": "Vespertine", "artist": "Björk", "year": 2001},
}
NUMBERS = count(uuid4().int % 400_000 + 500_000)
members, albums = st.sampled_from(sorted(MEMBERS)), st.sampled_from(sorted(ALBUMS))
halves = st.integers(2, 10).map(lambda steps: steps / 2)
# Drawn as one seed: what is there to choose from may differ between two runs of the same example.
chances = st.randoms(use_true_random=True)


def user(name):
    return {"discord_id": MEMBERS[name], "display_name": name}


class Weeks(RuleBasedStateMachine):
    """`deployment`, `wire` and `people`, each member's id by name, are set on a subclass."""

    def __init__(self):
        super().__init__()
        self.bot = self.deployment.client(headers=self.deployment.bot)
        self.admin = self.deployment.client(headers={"Authorization": f"Bearer {self.deployment.admin_key}"})
        self.model, self.ids, self.album_ids = weeks.Week(), {}, {}
        self.heads, self.answered = {}, []

    @initialize(draft=st.booleans())
    def begin(self, draft):
        body = {"number": next(NUMBERS)} | ({"phase": "draft"} if draft else {})
        self.model.phase = "draft" if draft else "open"
        self.id = self.bot.post("/club/weeks", json=body).raise_for_status().json()["id"]
        self.week = f"/club/weeks/{self.id}"

    def send(self, refused, method, path, body=None, *, twice, by=None):
        """Send a write once or twice, under one idempotency key or without: refused as the model has it, or done."""
        headers = {"Idempotency-Key": str(uuid4())} if twice == "keyed" else {}
        answers = [(by or self.bot).request(method, path, json=body, headers=headers) for _ in range(2 if twice else 1)]
        for answer in answers:
            told = answer.json() if answer.content else {}
            if refused is weeks.DONE:
                # Taking away what is gone already is the one repeat that says so.
                assert answer.is_success or (method == "DELETE" and answer is not answers[0]), answer.text
            else:
                assert told["code"] in refused, (answer.text, refused)
        if twice == "keyed" and method == "POST" and answers[0].is_success:
            assert answers[0].content == answers[1].content
            self.answered.append(answers[0])
        return answers[0]

    repeats = st.sampled_from(["", "again", "keyed"])

    @rule(who=members, album=albums, twice=repeats)
    def nominate(self, who, album, twice):
        refused = self.model.nominate(who, album)
        body = {"user": user(who), "album": ALBUMS[album]}
        answer = self.send(refused, "POST", f"{self.week}/nominations", body, twice=twice)
        if refused is weeks.DONE:
            self.ids[album], self.album_ids[album] = answer.json()["id"], answer.json()["album"]["id"]

    @rule(who=members, album=albums, twice=repeats)
    def withdraw(self, who, album, twice):
        nomination = self.ids.get(album, str(uuid4()))
        refused = self.model.withdraw(who, album)
        path = f"{self.week}/nominations/{nomination}?user=discord:{MEMBERS[who]}"
        self.send(refused, "DELETE", path, twice=twice)

    @rule(who=members, chosen=st.lists(albums, min_size=1, max_size=2, unique=True), twice=repeats)
    def cast_a_ballot(self, who, chosen, twice):
        refused = self.model.vote(who, *chosen, *[None] * (2 - len(chosen)))
        body = dict(zip(("first", "second"), (self.ids.get(each, str(uuid4())) for each in chosen), strict=False))
        answer = self.send(refused, "PUT", f"{self.week}/ballots/discord:{MEMBERS[who]}", body, twice=twice)
        self.keep_head(refused, answer)

    @rule(who=members, rank=st.sampled_from([1, 2]), album=albums, twice=repeats)
    def choose(self, who, rank, album, twice):
        refused = self.model.choose(who, rank, album)
        vote = {"user": user(who), "rank": rank, "nomination_id": self.ids.get(album, str(uuid4()))}
        self.keep_head(refused, self.send(refused, "POST", f"{self.week}/votes", vote, twice=twice))

    @rule(who=members, chosen=st.permutations(sorted(ALBUMS)), order=st.sampled_from(["1 2", "2 1", "at once"]))
    def choose_both(self, who, chosen, order):
        """The two votes of a ballot, which end in the same one whichever comes first."""
        ranks = [2, 1] if order == "2 1" else [1, 2]
        other_way = deepcopy(self.model)
        for rank in reversed(ranks):
            other_way.choose(who, rank, chosen[rank])
        refused = [self.model.choose(who, rank, chosen[rank]) for rank in ranks]
        assert other_way == self.model

        def send(rank, refused):
            vote = {"user": user(who), "rank": rank, "nomination_id": self.ids.get(chosen[rank], str(uuid4()))}
            return self.send(refused, "POST", f"{self.week}/votes", vote, twice="")

        with ThreadPoolExecutor(2 if order == "at once" else 1) as senders:
            for answer in zip(refused, senders.map(send, ranks, refused), strict=True):
                self.keep_head(*answer)

    @precondition(lambda self: self.answered)
    @rule(chance=chances)
    def send_an_old_one_again(self, chance):
        """Under its key a request does nothing once it was answered, whatever was written since."""
        first = chance.choice(self.answered)
        again = self.bot.send(first.request)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"

    def keep_head(self, refused, answer):
        if refused is weeks.DONE:
            self.heads[answer.json()["number"]] = answer.json()["head"]

    @rule(to=st.sampled_from(weeks.ORDER), twice=repeats)
    def advance(self, to, twice):
        refused = self.model.advance(to)
        answer = self.send(refused, "POST", f"{self.week}/advance", {"to": to}, twice=twice)
        if refused is weeks.DONE and self.model.counted and self.model.winner is None and self.model.leaders:
            won = answer.json()["winner_album_id"]
            titles = {item["album"]["id"]: item["album"]["title"] for item in self.document()["nominations"]}
            self.model.winner = titles[won]
            assert self.model.winner in self.model.leaders

    @precondition(lambda self: self.model.phase in {"open", "voting", "nominating"} and self.model.ballots)
    @rule()
    def close_the_poll(self):
        self.advance("discussing", "")

    @rule(who=members, rating=halves, twice=repeats)
    def rate(self, who, rating, twice):
        refused = self.model.rate(who, rating)
        self.send(refused, "POST", f"{self.week}/ratings", {"user": user(who), "rating": rating}, twice=twice)

    @rule(who=members, twice=repeats)
    def take_the_rating_back(self, who, twice):
        refused = self.model.take_back(who)
        self.send(refused, "DELETE", f"{self.week}/ratings/discord:{MEMBERS[who]}", twice=twice)

    @precondition(lambda self: self.model.counted)
    @rule(album=albums, twice=repeats)
    def override(self, album, twice):
        refused = self.model.override(album)
        body = {"nomination_id": self.ids.get(album, str(uuid4())), "reason": "It was miscounted."}
        path = f"/admin/weeks/{self.id}/override-winner"
        self.send(refused, "POST", path, body, twice=twice, by=self.admin)

    def document(self):
        return self.bot.get(self.week).raise_for_status().json()

    @precondition(lambda self: self.model.ballots or self.model.ratings)
    @rule(chance=chances)
    def hear_it_all_again(self, chance):
        self.wire.repeat(self.id, chance)
        self.the_copies_end_as_it_was_written()

    @invariant()
    def the_week_reads_as_it_was_written(self):
        told, model = self.document(), self.model
        assert told["phase"] == model.phase
        assert (told["winner"] or {}).get("title") == model.winner
        stand_behind = {
            item["album"]["title"]: {item["nominator"]["display_name"]}
            | {each["user"]["display_name"] for each in item["co_nominators"]}
            for item in told["nominations"]
        }
        assert stand_behind == {album: {*nominators} for album, nominators in model.standing.items()}
        counted = {item["album"]["title"]: (item["points"], item["first_votes"]) for item in told["votes"]["items"]}
        assert counted == model.points()
        rated = model.rated()
        assert told["ratings"]["count"] == len(rated)
        assert told["ratings"]["average"] == (pytest.approx(sum(rated) / len(rated), abs=0.005) if rated else None)

    def teardown(self):
        if not hasattr(self, "week"):
            return
        result = self.bot.get(f"{self.week}/result").json()
        if self.model.counted:
            assert faults(Result.model_validate(result), self.heads) == []
        else:
            assert "leaves" not in result
        self.wire.repeat(self.id, Random(0))
        self.the_copies_end_as_it_was_written()
        self.bot.close()
        self.admin.close()

    def the_copies_end_as_it_was_written(self):
        written = self.written()
        with suppress(AssertionError):
            until(lambda: copied(self.wire, self.id) == written, within=10)
        assert copied(self.wire, self.id) == written

    def written(self):
        """What taste may know: whose ballots there are, from the count on with what was chosen, and ratings."""
        told = {who: ballot if self.model.counted else (None, None) for who, ballot in self.model.ballots.items()}
        votes = {(self.people[who], *map(self.ids.get, ballot)) for who, ballot in told.items()}
        rated = self.model.ratings.items()
        ratings = {(self.people[who], self.album_ids[album], rating * 2) for who, (album, rating) in rated}
        return Copies(votes, ratings)


@pytest.fixture
def wire(deployment):
    wire = Wire(deployment)
    yield wire
    wire.close()


@pytest.fixture
def people(deployment):
    """Whoever is only named in an address has no name before."""
    with deployment.client(headers=deployment.bot) as bot:
        return {
            name: bot.put(f"/users/discord/{snowflake}", json={"display_name": name}).raise_for_status().json()["id"]
            for name, snowflake in MEMBERS.items()
        }


def played(examples, steps, **around):
    machine = type("Played", (Weeks,), around)
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=slow,
            database=None,
            derandomize="EXAMPLES" not in os.environ,
        ),
    )


def test_a_week_is_what_was_written_in_whatever_order_and_however_often_it_was_sent(deployment, wire, people):
    played(8, 30, deployment=deployment, wire=wire, people=people)


@pytest.mark.prove
def test_many_weeks_are_what_was_written_in_whatever_order_and_however_often_it_was_sent(deployment, wire, people):
    played(50, 50, deployment=deployment, wire=wire, people=people)
