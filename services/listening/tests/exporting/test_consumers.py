"""What listening tells somebody of themself."""

from uuid import uuid4

from contracts.exports import ExportRequested, ListeningExportGathered
from contracts.identity import UserChanged


async def test_their_own_copy_is_told(deliver, announced):
    ida, ben = uuid4(), uuid4()
    for user_id, name in ((ida, "Ida"), (ben, "Ben")):
        blank = {"handle": None, "avatar_url": None, "discord_id": None}
        await deliver(UserChanged(user_id=user_id, display_name=name, version=1, **blank))
    await deliver(ExportRequested(version=1, export_id=uuid4(), user_id=ida, aliases=[]))
    (part,) = await announced(ListeningExportGathered)
    assert [each["display_name"] for each in part.sections["profile"]] == ["Ida"]
    others = {name: part.sections[name] for name in part.sections.keys() - {"profile"}}
    assert (others, part.number, part.last) == (
        {name: [] for name in ("listens", "quarantined", "decisions", "latest_imports", "imports", "sync")},
        0,
        True,
    )


async def test_what_was_told_is_in_it_and_what_was_doubted(deliver, announced, tell, listen, wren):
    await tell(listen("River"), listen("Blue") | {"listened_at": 7})
    await deliver(ExportRequested(version=1, export_id=uuid4(), user_id=wren.user_id, aliases=[]))
    (part,) = await announced(ListeningExportGathered)
    assert [each["title"] for each in part.sections["listens"]] == ["River"]
    assert [(each["code"], each["said"]["title"]) for each in part.sections["quarantined"]] == [("too_early", "Blue")]
