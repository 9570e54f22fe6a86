"""Whom a session or an access token stands for."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.settings import Settings
from contracts.identity import Principal
from identity.clients import access
from identity.clients.store import family
from identity.credentials.secret import hash_secret
from identity.models import User
from identity.sessions import store as sessions
from identity.sessions.rules import ends
from identity.users.store import user_by_id


async def of_session(tx: AsyncSession, secret: str) -> Principal | None:
    session = await sessions.by_secret(tx, hash_secret(secret))
    if session is None:
        return None
    await sessions.note_seen(tx, session)
    until = ends(session.seen_at, session.expires_at)
    return _person(await user_by_id(tx, session.user_id), f"session:{session.id}", until)


async def of_token(tx: AsyncSession, settings: Settings, token: str) -> Principal | None:
    claimed = access.read(settings, token)
    standing = await family(tx, claimed.family_id) if claimed else None
    if claimed is None or standing is None or standing.user_id != claimed.user_id:
        return None
    until = datetime.fromtimestamp(claimed.expires, UTC)
    return _person(await user_by_id(tx, standing.user_id), f"client:{standing.id}", until)


def _person(user: User | None, credential: str, until: datetime) -> Principal | None:
    if user is None:
        return None
    scopes = ["admin"] if user.role == "admin" else []
    return Principal(id=str(user.id), kind="user", scopes=scopes, credential=credential, expires_at=until)
