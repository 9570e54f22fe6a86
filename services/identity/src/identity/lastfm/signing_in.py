"""Letting a scrobbler in: by a token that its owner approved, or by their name and one of their keys."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.lastfm import Fault, SignedIn, SigningIn
from identity.keys.verification import principal_of
from identity.lastfm import store
from identity.lastfm.applications import Application, new_word
from identity.lastfm.rules import knows_password


async def sign_in(tx: AsyncSession, application: Application, shown: SigningIn) -> SignedIn:
    """A session that ends with the key that let it in."""
    by_token = shown.token is not None
    key_id = await _by_token(tx, application, shown) if by_token else await _by_password(tx, application, shown)
    if isinstance(key_id, _Refused):
        return SignedIn(fault=key_id.fault)
    session = new_word()
    await store.keep_session(tx, application.key_id, key_id, session)
    return SignedIn(user_id=application.owner_id, name=application.name, session=session)


class _Refused:
    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault


async def _by_token(tx: AsyncSession, application: Application, shown: SigningIn) -> str | _Refused:
    found = await store.take_token(tx, application.key_id, shown.token or "")
    if found is None:
        return _Refused("authentication_failed")
    token, in_time = found
    if not in_time:
        return _Refused("token_expired")
    if not token.approved:
        return _Refused("token_not_approved")
    await tx.delete(token)
    return application.key_id


async def _by_password(tx: AsyncSession, application: Application, shown: SigningIn) -> str | _Refused:
    """The key's id. Any of their own keys will do; of the proof of knowing one, only the application's."""
    username = shown.username or ""
    if username.lower() not in {application.name.lower(), str(application.owner_id)}:
        return _Refused("authentication_failed")
    if shown.password is not None:
        principal = await principal_of(tx, shown.password)
        own = principal is not None and principal.kind == "user" and principal.id == str(application.owner_id)
        credential = principal.credential if principal and own else None
        return credential.removeprefix("key:") if credential else _Refused("authentication_failed")
    if shown.auth_token is None or not knows_password(username, shown.auth_token, application.password_md5):
        return _Refused("authentication_failed")
    return application.key_id
