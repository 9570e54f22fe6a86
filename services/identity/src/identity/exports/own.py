"""What identity itself keeps of a person: never what opens an account, a session or a key."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.models import Activity, ApiKey, Block, Follow, LinkedAccount, Session, TokenFamily, User, UserAlias

Rows: TypeAlias = Select[*tuple[Any, ...]]


async def kept_of(tx: AsyncSession, user_id: UserId) -> dict[str, Sequence[Mapping[Any, Any]]]:
    """By name, what there is of each."""
    sections = {
        "profile": _profile(user_id),
        "other_ids": select(UserAlias.id, UserAlias.at).where(UserAlias.survivor_id == user_id).order_by(UserAlias.id),
        "linked_accounts": _accounts(user_id),
        "sessions": _sessions(user_id),
        "clients": _clients(user_id),
        "keys": _keys(user_id),
        "following": _following(user_id),
        "blocks": select(Block.blocked_id, Block.since).where(Block.blocker_id == user_id).order_by(Block.since),
        "activity": _activity(user_id),
    }
    return {name: (await tx.execute(rows)).mappings().all() for name, rows in sections.items()}


async def aliases(tx: AsyncSession, user_id: UserId) -> Collection[UserId]:
    return [UserId(each) for each in await tx.scalars(select(UserAlias.id).where(UserAlias.survivor_id == user_id))]


def _profile(user_id: UserId) -> Rows:
    shown = (User.display_name, User.handle, User.role, User.avatar_url, User.bio, User.timezone, User.privacy)
    return select(User.id, *shown, User.created_at, User.updated_at).where(User.id == user_id)


def _accounts(user_id: UserId) -> Rows:
    account = LinkedAccount
    shown = (account.provider, account.provider_id.label("account"), account.status, account.scopes)
    times = (account.linked_at, account.authorized_at, account.last_sync_at)
    return select(*shown, *times).where(account.user_id == user_id).order_by(account.linked_at, account.id)


def _sessions(user_id: UserId) -> Rows:
    times = (Session.created_at, Session.seen_at, Session.expires_at, Session.revoked_at)
    shown = select(Session.method, Session.user_agent, Session.address, *times)
    return shown.where(Session.user_id == user_id).order_by(Session.id)


def _clients(user_id: UserId) -> Rows:
    client = TokenFamily
    shown = select(client.name, client.created_at, client.expires_at, client.revoked_at)
    return shown.where(client.user_id == user_id).order_by(client.id)


def _keys(user_id: UserId) -> Rows:
    times = (ApiKey.created_at, ApiKey.expires_at, ApiKey.revoked_at, ApiKey.last_used_at)
    return select(ApiKey.id, ApiKey.name, ApiKey.scopes, *times).where(ApiKey.owner_id == user_id).order_by(ApiKey.id)


def _following(user_id: UserId) -> Rows:
    theirs = select(Follow.followed_id.label("user_id"), Follow.since)
    return theirs.where(Follow.follower_id == user_id, Follow.following).order_by(Follow.since, Follow.id)


def _activity(user_id: UserId) -> Rows:
    done = (Activity.kind, Activity.subject_id, Activity.at, Activity.week_id, Activity.album_id, Activity.half_steps)
    return select(*done).where(Activity.user_id == user_id, ~Activity.withdrawn).order_by(Activity.at, Activity.id)
