"""What listening asks about scrobblers of Last.fm's protocol. A fault is an answer: it has a number there."""

from chassis.db import Tx
from chassis.http import private_router
from chassis.tokens import SignedService
from contracts.lastfm import Known, SignedCall, SignedIn, SigningIn, Token
from identity.lastfm import store
from identity.lastfm.applications import Application, application_of, new_word
from identity.lastfm.rules import is_word
from identity.lastfm.signing_in import sign_in
from identity.vault.cipher import vault_at_hand

router = private_router(prefix="/internal/lastfm", tags=["internal"])


@router.post("/calls")
async def know_caller(call: SignedCall, _: SignedService, tx: Tx) -> Known:
    """Whose call it is, by its session; without one it is nobody's, and only the application is known."""
    application = await application_of(tx, call, vault_at_hand(), unsigned=call.session is None)
    if not isinstance(application, Application):
        return Known(fault=application)
    if call.session is None:
        return Known()
    if not is_word(call.session) or not await store.is_standing(tx, application.key_id, call.session):
        return Known(fault="invalid_session")
    return Known(user_id=application.owner_id, name=application.name)


@router.post("/tokens")
async def make_token(call: SignedCall, _: SignedService, tx: Tx) -> Token:
    """A token to be approved by the application's owner, within the hour."""
    application = await application_of(tx, call, vault_at_hand())
    if not isinstance(application, Application):
        return Token(fault=application)
    token = new_word()
    await store.keep_token(tx, application.key_id, token)
    return Token(token=token)


@router.post("/sessions")
async def begin_session(call: SigningIn, _: SignedService, tx: Tx) -> SignedIn:
    """A session for a token that was approved, or for a name and a key."""
    application = await application_of(tx, call, vault_at_hand())
    if not isinstance(application, Application):
        return SignedIn(fault=application)
    return await sign_in(tx, application, call)
