"""Follows the accounts that people link: whose is linked is fetched from, whose no longer is is not."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from contracts.accounts import LinkChanged
from listening.locks import be_alone_with
from listening.sync.rules import PROVIDERS
from listening.sync.store import follow

consumer = Consumer()


@consumer.on(LinkChanged)
async def follow_link(changed: LinkChanged, tx: AsyncSession) -> None:
    """What was fetched stays, whatever becomes of the link."""
    if changed.provider not in PROVIDERS:
        return
    who = await be_alone_with(tx, [changed.user_id])
    if changed.user_id in who:
        await follow(tx, who[changed.user_id], changed)
