"""What a batch of messages says, and whom and what it speaks of: found before the transaction opens."""

from typing import Annotated

from fastapi import Depends

from chassis.errors import NotFound, Refusal
from club.albums.ensure import Albums
from club.members.ensure import Members
from club.messages import rules
from club.messages.resync import Missed
from club.weeks.host import Host
from contracts.identity import UserIn
from contracts.messages import SeenMessages
from contracts.nominations import NewNomination


async def _missed(batch: SeenMessages, _: Host, members: Members, albums: Albums) -> list[Missed]:
    """Raises Unavailable for the whole batch while people or albums cannot be asked for: then nothing is written."""
    for message in batch.messages:
        rules.check_moments(message)
    reads = [rules.Read(None, []) if each.deleted else rules.read(each) for each in batch.messages]
    spoke = [index for index, read in enumerate(reads) if read.said is not None]
    authors = [UserIn.model_validate(batch.messages[index].author.model_dump(exclude_none=True)) for index in spoke]
    known = dict(zip(spoke, await members.each_meant(authors), strict=True))
    named = {index: said.album for index in spoke if isinstance(said := reads[index].said, NewNomination)}
    meant = dict(zip(named, await albums.each_meant(list(named.values())), strict=True))
    return [
        Missed(
            index=index,
            message=message,
            said=reads[index].said,
            doubts=reads[index].doubts,
            author=None if isinstance(author := known.get(index), NotFound) else author,
            album=None if isinstance(album := meant.get(index), Refusal) else album,
            refusal=next((each for each in (author, album) if isinstance(each, Refusal)), None),
        )
        for index, message in enumerate(batch.messages)
    ]


MissedMessages = Annotated[list[Missed], Depends(_missed)]
