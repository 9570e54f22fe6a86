"""How a linked account is announced, and how its owner sees it: never with what opens it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.accounts import Link, LinkChanged
from identity.links.rules import ends_at
from identity.models import LinkedAccount


def state(row: LinkedAccount) -> LinkChanged:
    return LinkChanged(
        link_id=row.id,
        version=row.version,
        user_id=row.user_id,
        provider=row.provider,
        account=row.provider_id,
        status=row.status,
        scopes=row.scopes,
        linked_at=row.linked_at,
        authorized_at=row.authorized_at,
    )


async def states(_: AsyncSession, rows: Sequence[LinkedAccount]) -> list[LinkChanged]:
    return [state(row) for row in rows]


def shown(row: LinkedAccount) -> Link:
    return Link(
        id=row.id,
        provider=row.provider,
        account=row.provider_id,
        status=row.status,
        scopes=row.scopes,
        linked_at=row.linked_at,
        authorized_at=row.authorized_at,
        expires_at=ends_at(row.provider, row.authorized_at) if row.encrypted_tokens else None,
        last_sync_at=row.last_sync_at,
        sync_error=row.sync_error,
    )
