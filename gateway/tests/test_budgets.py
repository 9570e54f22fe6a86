"""How often one may ask in a minute."""

import pytest

from contracts.identity import Principal
from gateway.authentication import ANONYMOUS
from gateway.budgets import FACTOR, Budgets, RateLimited, address, budget_of
from gateway.settings import GatewaySettings

WREN = Principal(id="0190a4b2", kind="user")
BOT = Principal(id="botkey01", kind="bot")


def asking(method="GET", client="203.0.113.7"):
    return {"method": method, "client": (client, 1234)}


@pytest.fixture
def budgets():
    return Budgets(GatewaySettings(rate_reads=3, rate_writes=2, rate_ingest=2, rate_auth=1))


def spend(budgets, times, principal=ANONYMOUS, path="/club/weeks", **how):
    """How many of so many requests are let through."""
    passed = 0
    for _ in range(times):
        try:
            budgets.spend(asking(**how), path, principal)
        except RateLimited:
            continue
        passed += 1
    return passed


def test_reads_and_writes_have_budgets_of_their_own(budgets):
    assert spend(budgets, 5) == 3
    assert spend(budgets, 5, method="POST") == 2
    assert spend(budgets, 5, method="POST", path="/listens/bulk") == 2
    assert spend(budgets, 5, method="POST", path="/music/resolve", client="203.0.113.9") == 3
    assert spend(budgets, 5, method="POST", path="/auth/login") == 1


def test_each_address_has_its_own_and_so_has_each_person_wherever_they_are(budgets):
    assert [spend(budgets, 5, client=client) for client in ("203.0.113.7", "203.0.113.8")] == [3, 3]
    assert spend(budgets, 2, WREN) + spend(budgets, 2, WREN, client="198.51.100.9") == 3


def test_a_program_that_serves_many_may_more_often(budgets):
    assert spend(budgets, 3 * FACTOR + 5, BOT) == 3 * FACTOR


def test_who_may_not_any_more_is_told_how_long_to_wait(budgets):
    spend(budgets, 3)
    with pytest.raises(RateLimited) as refusal:
        budgets.spend(asking(), "/club/weeks", ANONYMOUS)
    assert 1 <= refusal.value.retry_after <= 61


def test_each_answer_tells_what_is_left(budgets):
    told = dict(budgets.spend(asking(), "/club/weeks", ANONYMOUS))
    assert told[b"ratelimit-policy"] == b'"reads";q=3;w=60'
    assert told[b"ratelimit"].startswith(b'"reads";r=2;t=')


def test_credentials_that_stand_for_nobody_are_counted_by_address(budgets):
    budgets.spend_in_vain(asking())
    with pytest.raises(RateLimited):
        budgets.spend_in_vain(asking())
    budgets.spend_in_vain(asking(client="198.51.100.9"))


def test_a_budget_of_zero_has_no_bound():
    free = Budgets(GatewaySettings(rate_reads=0, rate_writes=0, rate_ingest=0, rate_auth=0))
    assert spend(free, 2000) == 2000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_all_addresses_of_one_household_are_one(one, other, same):
    assert (address(asking(client=one)) == address(asking(client=other))) is same


@pytest.mark.parametrize(
    ("method", "path", "budget"),
    [
        ("GET", "/auth/session", "reads"),
        ("POST", "/auth/token", "auth"),
        ("POST", "/2.0/", "ingest"),
        ("POST", "/1/submit-listens", "ingest"),
        ("DELETE", "/club/weeks", "writes"),
        ("HEAD", "/club/weeks", "reads"),
    ],
)
def test_what_is_asked_decides_which_budget_it_costs(method, path, budget):
    assert budget_of(method, path) == budget


def test_past_the_budget_the_answer_is_a_429_problem_that_tells_when_to_come_again(open_door):
    with open_door("mounted", rate_reads=2) as gate:
        first, second, third = (gate.ask("GET", "/club/mirror") for _ in range(3))
    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 429]
    assert third.json()["code"] == "rate_limited"
    assert third.headers["content-type"] == "application/problem+json"
    assert 1 <= int(third.headers["retry-after"]) <= 61
    assert [answer.headers["ratelimit"].split(";")[1] for answer in (first, second, third)] == ["r=1", "r=0", "r=0"]


def test_guessing_keys_is_stopped_and_those_who_have_one_are_not(open_door, keys):
    with open_door("mounted", rate_auth=3) as gate:
        guesses = [
            gate.ask("GET", "/club/mirror", headers={"Authorization": f"Bearer sdt_guess{n:03}_{'x' * 32}"})
            for n in range(5)
        ]
        known = gate.ask("GET", "/club/mirror", headers={"Authorization": f"Bearer {keys['bot']}"})
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]
    assert known.status_code == 200
