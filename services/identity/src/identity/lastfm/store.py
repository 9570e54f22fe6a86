"""Applications, tokens and sessions in the database; of secrets the hashes."""

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from contracts.ids import UserId
from identity.credentials.secret import hash_secret
from identity.keys.store import note_use
from identity.lastfm.rules import MOST_SESSIONS, TOKEN_LASTS
from identity.models import ApiKey, LastFmApplication, LastFmSession, LastFmToken, User


def _in_force(key: type[ApiKey]) -> ColumnElement[bool]:
    return key.revoked_at.is_(None) & or_(key.expires_at.is_(None), key.expires_at > func.clock_timestamp())


async def standing(tx: AsyncSession, api_key: str) -> Row[LastFmApplication, User] | None:
    """The application with its owner, unless its key has ended."""
    known = select(LastFmApplication, User).join(ApiKey, ApiKey.id == LastFmApplication.key_id)
    owned = known.join(User, User.id == ApiKey.owner_id)
    return (await tx.execute(owned.where(LastFmApplication.api_key == api_key, _in_force(ApiKey)))).first()


async def is_standing(tx: AsyncSession, application_id: str, session: str) -> bool:
    """Whether it is a session of the application, and the key that it was begun with is in force; it is used then."""
    begun = select(LastFmSession.key_id).join(ApiKey, ApiKey.id == LastFmSession.key_id)
    of = LastFmSession.session_hash == hash_secret(session), LastFmSession.application_id == application_id
    key_id = await tx.scalar(begun.where(*of, _in_force(ApiKey)))
    if key_id is not None:
        await note_use(tx, key_id)
    return key_id is not None


async def keep_token(tx: AsyncSession, application_id: str, token: str) -> None:
    """Those that nobody came back for go."""
    old = delete(LastFmToken).where(LastFmToken.expires_at < func.clock_timestamp() - TOKEN_LASTS)
    await tx.execute(old.execution_options(synchronize_session=False))
    ends = await tx.scalar(select(func.clock_timestamp() + TOKEN_LASTS))
    tx.add(LastFmToken(token_hash=hash_secret(token), application_id=application_id, expires_at=ends))
    await tx.flush()


async def approve(tx: AsyncSession, owner_id: UserId, api_key: str, token: str) -> bool:
    """False: there is no such token of an application of theirs, or not any more."""
    theirs = select(LastFmApplication.key_id).join(ApiKey, ApiKey.id == LastFmApplication.key_id)
    of = theirs.where(LastFmApplication.api_key == api_key, ApiKey.owner_id == owner_id, _in_force(ApiKey))
    approved = update(LastFmToken).where(
        LastFmToken.token_hash == hash_secret(token),
        LastFmToken.application_id == of.scalar_subquery(),
        LastFmToken.expires_at > func.clock_timestamp(),
    )
    done = approved.values(approved=True).returning(LastFmToken.token_hash)
    return await tx.scalar(done.execution_options(synchronize_session=False)) is not None


async def take_token(tx: AsyncSession, application_id: str, token: str) -> tuple[LastFmToken, bool] | None:
    """The token for oneself until `tx` ends, and whether it is in time."""
    asked = (LastFmToken.token_hash == hash_secret(token), LastFmToken.application_id == application_id)
    in_time = LastFmToken.expires_at > func.clock_timestamp()
    row = (await tx.execute(select(LastFmToken, in_time).where(*asked).with_for_update(of=LastFmToken))).first()
    return None if row is None else (row[0], row[1])


async def keep_session(tx: AsyncSession, application_id: str, key_id: str, session: str) -> None:
    tx.add(LastFmSession(session_hash=hash_secret(session), application_id=application_id, key_id=key_id))
    await tx.flush()
    other = aliased(LastFmSession)
    newest = select(other.session_hash).where(other.application_id == application_id)
    kept = newest.order_by(other.created_at.desc(), other.session_hash).limit(MOST_SESSIONS)
    rest = delete(LastFmSession).where(
        LastFmSession.application_id == application_id, LastFmSession.session_hash.not_in(kept)
    )
    await tx.execute(rest.execution_options(synchronize_session=False))
