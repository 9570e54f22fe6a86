"""One slow or broken service costs nobody but those who ask for it."""

import asyncio

import httpx2
import pytest

from gateway.breaker import AT_ONCE, FAILURES, OPEN_FOR, Breaker
from gateway.mounted import MountedUpstream
from gateway.problems import TooSlow
from gateway.routes import SERVICES
from gateway.upstream import BrokenOff, ClientLeft, ServiceAway


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker("club", clock)


def fail(breaker, times=1, how=TooSlow):
    for _ in range(times):
        with pytest.raises(how), breaker.passing():
            raise how("club") if how is ServiceAway else how


def succeed(breaker):
    with breaker.passing():
        pass


def refused(breaker):
    with pytest.raises(ServiceAway) as refusal, breaker.passing():
        raise AssertionError("It let somebody through.")
    return refusal.value.retry_after


@pytest.mark.parametrize("how", [TooSlow, ServiceAway, BrokenOff])
def test_after_five_failures_in_a_row_nobody_is_sent_on(breaker, how):
    fail(breaker, FAILURES, how)
    assert refused(breaker) == OPEN_FOR


def test_four_failures_and_a_success_are_none(breaker):
    for _ in range(3):
        fail(breaker, FAILURES - 1)
        succeed(breaker)
    succeed(breaker)


def test_after_a_while_one_is_sent_on_and_the_others_are_not(breaker, clock):
    fail(breaker, FAILURES)
    clock.now += OPEN_FOR
    with breaker.passing():
        refused(breaker)
    succeed(breaker)


def test_when_that_one_fails_too_it_stays_open_for_as_long_again(breaker, clock):
    fail(breaker, FAILURES)
    clock.now += OPEN_FOR
    fail(breaker)
    assert refused(breaker) == OPEN_FOR
    clock.now += OPEN_FOR
    succeed(breaker)


def test_a_client_that_leaves_is_no_failure_of_the_service(breaker):
    for _ in range(3 * FAILURES):
        with pytest.raises(ClientLeft), breaker.passing():
            raise ClientLeft
    succeed(breaker)


def test_a_probe_whose_client_leaves_lets_the_next_one_try(breaker, clock):
    fail(breaker, FAILURES)
    clock.now += OPEN_FOR
    with pytest.raises(ClientLeft), breaker.passing():
        raise ClientLeft
    succeed(breaker)


def test_only_so_many_wait_for_one_service_at_once(breaker):
    waiting = [breaker.passing() for _ in range(AT_ONCE)]
    for each in waiting:
        each.__enter__()
    refused(breaker)
    waiting.pop().__exit__(None, None, None)
    succeed(breaker)
    for each in waiting:
        each.__exit__(None, None, None)


class Hanging:
    """A service that takes the request and says nothing."""

    async def forward(self, *_):
        await asyncio.sleep(60)

    async def fetch(self, *_, **__):
        raise ServiceAway("club")

    async def close(self): ...


@pytest.fixture
def beside_a_hanging_one(gateway_before):
    """`async with beside_a_hanging_one(0.2) as client:` before a club that hangs; the others answer."""

    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    def before(patience):
        ways = {name: MountedUpstream(name, answer) for name in SERVICES} | {"club": Hanging()}
        wire = httpx2.ASGITransport(gateway_before(ways, upstream_timeout=patience))
        return httpx2.AsyncClient(transport=wire, base_url="http://127.0.0.1")

    return before


async def test_who_asks_for_a_hanging_service_waits_five_times_and_then_not_at_all(beside_a_hanging_one):
    async with beside_a_hanging_one(0.1) as client:
        answers = [await client.get("/club/weeks") for _ in range(FAILURES + 3)]
    assert [answer.status_code for answer in answers] == [504] * FAILURES + [503] * 3
    assert {answer.json()["code"] for answer in answers[FAILURES:]} == {"service_away"}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= OPEN_FOR


async def test_the_other_services_answer_meanwhile(beside_a_hanging_one):
    async with beside_a_hanging_one(60) as client:
        stuck = [asyncio.create_task(client.get("/club/weeks")) for _ in range(50)]
        await asyncio.sleep(0)
        answers = [await client.get("/music/search") for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}
        assert not any(task.done() for task in stuck)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
