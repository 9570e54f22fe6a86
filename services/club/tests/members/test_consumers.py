"""The club's copy of the people."""

from sqlalchemy import select

from club.members import store
from club.models import Member
from contracts.identity import UserIn


async def copies(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(Member))).all()


async def test_a_person_is_copied_whole(stage, club_of):
    (ida,) = await club_of("Ida")
    (row,) = await copies(stage)
    told = (ida.user_id, ida.version, ida.display_name, ida.handle, ida.avatar_url, ida.discord_id)
    assert (row.id, row.version, row.display_name, row.handle, row.avatar_url, row.discord_id) == told


async def test_states_in_any_order_end_in_the_newest(stage, deliver, club_of):
    (ida,) = await club_of("Ida")
    for version, name in ((7, "Ida B."), (5, "Ida A."), (6, "Eda")):
        await deliver(ida.model_copy(update={"version": version, "display_name": name}))
    (row,) = await copies(stage)
    assert (row.display_name, row.version) == ("Ida B.", 7)


async def test_a_copy_changed_by_hand_is_mended_by_the_same_state_again(stage, deliver, club_of):
    (ida,) = await club_of("Ida")
    async with stage.db.transaction() as tx:
        (await tx.get(Member, ida.user_id)).display_name = "nobody"
    await deliver(ida)
    (row,) = await copies(stage)
    assert row.display_name == "Ida"


async def test_of_two_copies_with_one_discord_id_the_newer_is_right(stage, deliver, club_of):
    ida, ben = await club_of("Ida", "Ben")
    await deliver(ben.model_copy(update={"version": 9, "discord_id": ida.discord_id}))
    async with stage.db.transaction() as tx:
        found = await store.find(tx, UserIn(discord_id=ida.discord_id))
    assert found.id == ben.user_id


async def test_discord_ids_are_told_only_to_those_who_may_see_them(stage, club_of):
    (ida,) = await club_of("Ida")
    async with stage.db.transaction() as tx:
        seen = await store.people(tx, [ida.user_id], with_discord=True)
        unseen = await store.people(tx, [ida.user_id], with_discord=False)
    assert seen[ida.user_id].discord_id == ida.discord_id
    assert unseen[ida.user_id] == seen[ida.user_id].model_copy(update={"discord_id": None})
