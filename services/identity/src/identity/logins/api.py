"""Accounts made and entered with a handle and a password."""

from typing import Annotated

from fastapi import Depends, Request, Response, status

from chassis.db import Tx
from chassis.http import private_router
from chassis.tokens import SignedCaller
from contracts import identity as contract
from contracts.ids import UserId
from contracts.sessions import LocalLogin, NewAccount, NewPassword, SignedIn
from identity.credentials.ending import shown_by, sign_out
from identity.handles.rules import check_handle
from identity.logins import rules
from identity.logins.registering import register
from identity.logins.verified import verified
from identity.models import Session, User
from identity.passwords import store as passwords
from identity.passwords.hashing import hash_apart
from identity.passwords.rules import check_password
from identity.sessions.api import Oneself
from identity.sessions.begin import begin_session, end_session
from identity.sessions.cookies import check_secure
from identity.sessions.rules import ends
from identity.settings import SignInSettings
from identity.users.store import user_by_id

router = private_router(prefix="/auth", tags=["sessions"])


async def _new_hash(request: Request, _: SignedCaller, account: NewAccount) -> str:
    """What is kept of the password, made before there is a transaction to wait for it."""
    check_secure(request)
    settings = SignInSettings()
    if not settings.local_sign_in:
        raise rules.LocalSignInOff
    if not settings.registration:
        raise rules.RegistrationClosed
    handle = check_handle(account.handle)
    return await hash_apart(check_password(account.password.get_secret_value(), handle))


async def _who(request: Request, _: SignedCaller, login: LocalLogin) -> UserId:
    check_secure(request)
    return await verified(request, login.handle, login.password.get_secret_value())


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register_account(
    account: NewAccount,
    phc: Annotated[str, Depends(_new_hash)],
    request: Request,
    response: Response,
    tx: Tx,
) -> SignedIn:
    """Make an account, and sign this browser in to it."""
    user = await register(tx, account.handle, account.display_name, phc)
    return _shown(user, await begin_session(tx, response, request, user.id, "password"))


@router.post("/login")
async def log_in(
    user_id: Annotated[UserId, Depends(_who)],
    caller: SignedCaller,
    request: Request,
    response: Response,
    tx: Tx,
) -> SignedIn:
    """Sign this browser in, under a new session: the one it shows, if it shows one, ends."""
    await end_session(tx, caller)
    user = await user_by_id(tx, user_id)
    assert user is not None  # noqa: S101 — a password belongs to somebody
    return _shown(user, await begin_session(tx, response, request, user.id, "password"))


async def _changed_hash(request: Request, user_id: Oneself, change: NewPassword) -> str:
    async with request.app.state.db.transaction() as tx:
        kept = await passwords.of_user(tx, user_id)
    if kept is None or kept.handle is None:
        raise rules.NoPassword
    await verified(request, kept.handle, change.current.get_secret_value())
    return await hash_apart(check_password(change.new.get_secret_value(), kept.handle))


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    phc: Annotated[str, Depends(_changed_hash)],
    user_id: Oneself,
    caller: SignedCaller,
    tx: Tx,
) -> None:
    """Change one's password; all other browsers and clients are signed out."""
    await passwords.keep(tx, user_id, phc)
    await sign_out(tx, user_id, but=shown_by(caller))


def _shown(user: User, session: Session) -> SignedIn:
    expires_at = ends(session.seen_at, session.expires_at)
    return SignedIn(
        signed_in=True, user=contract.User.model_validate(user), method=session.method, expires_at=expires_at
    )
