"""Members who do the same at the same moment, over connections of their own."""

import asyncio

import pytest
from sqlalchemy import select
from tests.fakes.discord import TOKEN as EXCHANGE
from tests.fakes.listenbrainz import TOKEN

from identity.models import LinkedAccount, Session, User

AT_ONCE = 8


@pytest.fixture
def people(app):
    async def make(number):
        async with app.state.db.transaction() as tx:
            users = [User(display_name=f"Member {each}") for each in range(number)]
            tx.add_all(users)
        return [user.id for user in users]

    return make


@pytest.fixture
def rows(app):
    async def read(table):
        async with app.state.db.transaction() as tx:
            return (await tx.scalars(select(table))).all()

    return read


async def test_of_members_who_link_one_account_at_once_one_has_it(start, people, rows, sign, listenbrainz):
    async with start() as client:
        users = await people(AT_ONCE)
        linking = [
            client.post("/auth/listenbrainz/link", json={"token": TOKEN}, headers=sign("user", str(user)))
            for user in users
        ]
        answers = await asyncio.gather(*linking)
        (account,) = await rows(LinkedAccount)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (AT_ONCE - 1)
    (winner,) = [user for user, answer in zip(users, answers, strict=True) if answer.status_code == 200]
    assert account.user_id == winner


async def test_a_way_back_that_is_opened_many_times_at_once_signs_in_once(start, rows, door_to, discord):
    async with start():
        async with door_to() as browser:
            page = (await browser.get("/auth/discord/login", follow_redirects=False)).headers["location"]
            back = await browser.callback(page)
            opened = [browser.get(back, follow_redirects=False) for _ in range(AT_ONCE)]
            answers = await asyncio.gather(*opened)
        users, sessions = await rows(User), await rows(Session)
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * (AT_ONCE - 1)
    assert (len(users), len(sessions), len(discord.asked(EXCHANGE))) == (1, 1, 1)


@pytest.mark.parametrize("provider", ["discord", "spotify"])
async def test_who_signs_in_first_from_several_browsers_at_once_is_one_person(start, rows, door_to, request, provider):
    request.getfixturevalue(provider)

    async def sign_in():
        async with door_to() as browser:
            page = (await browser.get(f"/auth/{provider}/login", follow_redirects=False)).headers["location"]
            return await browser.get(await browser.callback(page), follow_redirects=False)

    async with start():
        answers = await asyncio.gather(*(sign_in() for _ in range(AT_ONCE)))
        users, accounts, sessions = await rows(User), await rows(LinkedAccount), await rows(Session)
    assert {answer.status_code for answer in answers} == {303}
    assert (len(users), len(accounts), len(sessions)) == (1, 1, AT_ONCE)
