"""All that identity has of a person, and its end."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.links.rules import SIGNS_IN
from identity.models import (
    Activity,
    ApiKey,
    Block,
    Export,
    FailedLogins,
    Follow,
    LinkedAccount,
    OAuthState,
    Participant,
    Password,
    Session,
    TokenFamily,
    User,
    UserAlias,
)


async def people(tx: AsyncSession, ids: Collection[UserId]) -> Sequence[User]:
    """Those of the ids that are there, for oneself."""
    rows = select(User).where(User.id.in_(ids)).order_by(User.id).with_for_update()
    return (await tx.scalars(rows.execution_options(populate_existing=True))).all()


async def begun_at(tx: AsyncSession, session_id: UUID | None) -> tuple[datetime | None, datetime]:
    """When the session began, if it stands, and what time it is."""
    standing = select(Session.created_at).where(Session.id == session_id, Session.revoked_at.is_(None))
    row = (await tx.execute(select(standing.scalar_subquery(), func.clock_timestamp()))).one()
    return row[0], row[1]


async def admins_who_sign_in(tx: AsyncSession) -> set[UserId]:
    password = exists().where(Password.user_id == User.id)
    linked = (LinkedAccount.user_id == User.id, LinkedAccount.status != "unlinked")
    account = exists().where(*linked, LinkedAccount.provider.in_(SIGNS_IN))
    merged = exists().where(UserAlias.id == User.id)
    return {*await tx.scalars(select(User.id).where(User.role == "admin", or_(password, account), ~merged))}


async def accounts(tx: AsyncSession, ids: Collection[UserId]) -> set[str]:
    """The ids that they have elsewhere."""
    return {*await tx.scalars(select(LinkedAccount.provider_id).where(LinkedAccount.user_id.in_(ids)))}


async def keys(tx: AsyncSession, ids: Collection[UserId]) -> set[str]:
    return {*await tx.scalars(select(ApiKey.id).where(ApiKey.owner_id.in_(ids)))}


async def wipe(tx: AsyncSession, ids: Collection[UserId], handles: Collection[str]) -> None:
    """Every row that names them; what refers to others comes first, the people themselves last."""
    followed = and_(Activity.kind == "followed", Activity.subject_id.in_(ids))
    tried = [FailedLogins.whom == f"handle:{each}" for each in handles]
    tried += [FailedLogins.whom.startswith(f"pair:{each}@", autoescape=True) for each in handles]
    theirs: list[tuple[type[Any], ColumnElement[bool]]] = [
        (Follow, or_(Follow.follower_id.in_(ids), Follow.followed_id.in_(ids))),
        (Block, or_(Block.blocker_id.in_(ids), Block.blocked_id.in_(ids))),
        # Before where they took part: who is learning of that holds what they did.
        (Activity, or_(Activity.user_id.in_(ids), followed)),
        (Participant, Participant.user_id.in_(ids)),
        (Export, Export.user_id.in_(ids)),
        (OAuthState, OAuthState.user_id.in_(ids)),
        (Session, Session.user_id.in_(ids)),
        (TokenFamily, TokenFamily.user_id.in_(ids)),
        (ApiKey, ApiKey.owner_id.in_(ids)),
        (Password, Password.user_id.in_(ids)),
        (LinkedAccount, LinkedAccount.user_id.in_(ids)),
        (FailedLogins, or_(false(), *tried)),
        (UserAlias, or_(UserAlias.id.in_(ids), UserAlias.survivor_id.in_(ids))),
        (User, User.id.in_(ids)),
    ]
    for table, which in theirs:
        await tx.execute(delete(table).where(which).execution_options(synchronize_session=False))
