"""People who arrive all at once, over connections of their own."""

import asyncio

from sqlalchemy import select

from chassis.outbox import Outgoing
from contracts.identity import UserChanged
from identity.models import LinkedAccount, User

AT_ONCE = 20


async def outcome(app):
    """The people, their accounts, and what was announced of them, oldest first."""
    async with app.state.db.transaction() as tx:
        users = (await tx.scalars(select(User))).all()
        accounts = (await tx.scalars(select(LinkedAccount))).all()
        bodies = (
            await tx.scalars(select(Outgoing.body).where(Outgoing.type == UserChanged.topic).order_by(Outgoing.row))
        ).all()
    return users, accounts, [UserChanged.model_validate_json(body) for body in bodies]


async def test_twenty_first_sights_at_once_make_one_person_and_one_event(start, app, sign):
    async with start() as client:
        put = [client.put("/users/discord/175", json={"display_name": "Ida"}, headers=sign()) for _ in range(AT_ONCE)]
        answers = await asyncio.gather(*put)
        users, accounts, events = await outcome(app)
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (len(users), len(accounts), len(events)) == (1, 1, 1)


async def test_the_bot_and_another_service_may_meet_a_person_at_once(start, app, sign):
    async with start() as client:
        named = {"discord_id": "175", "display_name": "Ida"}
        met = [client.post("/internal/users", json=named, headers=sign("service")) for _ in range(AT_ONCE // 2)]
        put = [client.put("/users/discord/175", json={"display_name": "Ida"}, headers=sign()) for _ in met]
        answers = await asyncio.gather(*met, *put)
        users, _, events = await outcome(app)
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert (len(users), len(events)) == (1, 1)


async def test_lists_of_the_same_people_at_once_in_any_order_make_each_once(start, app, sign):
    async with start() as client:
        people = [{"discord_id": str(each), "display_name": f"No. {each}"} for each in range(1, 31)]
        lists = [people[turn:] + people[:turn] for turn in range(AT_ONCE)]
        lists += [[each | {"display_name": "Ida"} for each in reversed(people)]]
        met = [client.post("/internal/users/meet", json={"users": each}, headers=sign("service")) for each in lists]
        answers = await asyncio.gather(*met)
        users, accounts, events = await outcome(app)
    assert {answer.status_code for answer in answers} == {200}
    assert (len(users), len(accounts)) == (30, 30)
    highest = {event.user_id: event for event in sorted(events, key=lambda event: event.version)}
    told = {user_id: event.display_name for user_id, event in highest.items()}
    assert told == {user.id: user.display_name for user in users}


async def test_of_changes_at_once_the_highest_version_tells_what_stayed(start, app, sign):
    async with start() as client:
        names = [f"Ida {number}" for number in range(AT_ONCE)]
        put = [client.put("/users/discord/175", json={"display_name": name}, headers=sign()) for name in names]
        answers = await asyncio.gather(*put)
        (user,), _, events = await outcome(app)
    assert {answer.status_code for answer in answers} == {200, 201}
    versions = [event.version for event in events]
    assert sorted(set(versions)) == versions
    assert (events[-1].display_name, events[-1].version) == (user.display_name, user.version)


async def test_different_people_at_once_are_all_made(start, app, sign):
    async with start() as client:
        put = [client.put(f"/users/discord/{n}", json={}, headers=sign()) for n in range(1, AT_ONCE + 1)]
        answers = await asyncio.gather(*put)
        users, _, events = await outcome(app)
    assert {answer.status_code for answer in answers} == {201}
    assert len(users) == len(events) == AT_ONCE
