"""What the database itself keeps true of linked accounts."""

import pytest
from sqlalchemy.exc import IntegrityError

from identity.models import LinkedAccount, User


@pytest.fixture
def link(stage):
    """Links accounts of the form (name, provider, provider_id), in one transaction; the people by name."""

    async def link_(*accounts) -> dict[str, User]:
        people = {name: User(display_name=name) for name, _, _ in accounts}
        async with stage.db.transaction() as tx:
            tx.add_all(people.values())
            await tx.flush()
            tx.add_all(LinkedAccount(user_id=people[name].id, provider=p, provider_id=i) for name, p, i in accounts)
        return people

    return link_


async def test_an_account_belongs_to_one_person(link):
    with pytest.raises(IntegrityError, match="pk_linked_accounts"):
        await link(("Ida", "lastfm", "listener"), ("Eda", "lastfm", "listener"))


async def test_an_account_is_with_a_provider_we_know(link):
    with pytest.raises(IntegrityError, match="ck_linked_accounts_provider"):
        await link(("Ida", "myspace", "ida"))


async def test_of_two_discord_accounts_of_one_person_one_is_shown(link, client, sign):
    ida = (await link(("Ida", "discord", "2"), ("Ida", "discord", "1"), ("Ida", "spotify", "0")))["Ida"]
    shown = (await client.get(f"/users/{ida.id}", headers=sign("bot"))).json()
    assert shown["discord_id"] == "1"
