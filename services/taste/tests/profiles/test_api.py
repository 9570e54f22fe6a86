"""Who reads whose taste, and what of it."""

import pytest
from services.taste.tests.telling import BEN, IDA, day, rated, track, user


@pytest.fixture
async def ida(tell):
    """`await ida(taste=…)`: somebody with plays and a rating, who shows so much."""

    async def make(**privacy):
        artists = ("Joni Mitchell", "Daft Punk", "João Gilberto")
        await tell(user(privacy=privacy), user(BEN, "Ben"), rated(), day(*(track(each, plays=20) for each in artists)))

    return make


@pytest.fixture
def read(client, sign):
    async def answer(whose=IDA, kind="anonymous", sub=None, **more):
        return await client.get(f"/users/{whose}/taste", headers=sign(kind, sub=sub, **more))

    return answer


READERS = {
    "stranger": ("anonymous", None),
    "member": ("user", str(BEN)),
    "oneself": ("user", str(IDA)),
    "bot": ("bot", None),
}


@pytest.mark.parametrize(
    ("audience", "allowed"),
    [
        ("public", {*READERS}),
        ("members", {"member", "oneself", "bot"}),
        ("private", {"oneself", "bot"}),
    ],
)
async def test_a_taste_is_for_whom_it_is_shown_to(ida, read, audience, allowed):
    await ida(taste=audience)
    answers = {name: (await read(IDA, *reader)).status_code for name, reader in READERS.items()}
    assert answers == {name: 200 if name in allowed else 403 for name in READERS}


async def test_it_is_told_whole_to_oneself_by_any_name(ida, read):
    await ida()
    by_id, by_handle, by_me = [await read(each, "user", str(IDA)) for each in (IDA, "@ida", "me")]
    told = by_id.json()
    assert told == by_handle.json() == by_me.json()
    assert (told["enough"], told["rated"], told["withheld"], told["origin"]) == (True, 1, [], "computed")
    assert len(told["top_artists"]) == 3
    assert told["computed_at"]


async def test_what_names_plays_and_ratings_is_for_who_may_see_those(ida, read):
    await ida(listening="private", ratings="members")
    told = (await read()).json()
    assert (told["top_artists"], told["top_albums"], told["time_of_day"]) == ([], [], None)
    assert (told["loved"], told["rated"], told["withheld"]) == ([], 0, ["listening", "ratings"])
    assert "60" not in told["sentence"]
    assert told["computed_at"].endswith("T00:00:00Z")
    assert (await read(IDA, "user", str(BEN))).json()["withheld"] == ["listening"]


async def test_of_whom_nothing_is_known_it_is_said_so(ida, read):
    await ida()
    told = (await read(BEN)).json()
    assert (told["enough"], told["computed_at"], told["top_artists"]) == (False, None, [])
    assert "Not enough to say" in told["sentence"]


async def test_nobody_is_nobody_and_me_is_for_who_is_signed_in(ida, read):
    await ida()
    answers = [await read("@nobody"), await read("me"), await read("me", "bot")]
    assert [each.status_code for each in answers] == [404, 401, 403]


async def test_a_key_for_listens_alone_sees_what_strangers_see(ida, read):
    await ida(taste="members")
    answer = await read(IDA, "user", str(IDA), scopes=["listens:write"])
    assert answer.status_code == 403
