"""Who has proved with a password who they are: before the transaction of the request, which would wait for the hash."""

from fastapi import Request

from contracts.ids import UserId
from identity.handles.rules import BadHandle, ReservedHandle, check_handle
from identity.logins import rules, store
from identity.passwords import store as passwords
from identity.passwords.hashing import fits_apart
from identity.sessions.cookies import address_of
from identity.settings import SignInSettings


async def verified(request: Request, handle: str, password: str) -> UserId:
    """Raises LocalSignInOff, TooManyLogins and WrongPassword, which says no more than that."""
    if not SignInSettings().local_sign_in:
        raise rules.LocalSignInOff
    try:
        handle = check_handle(handle)
    except (BadHandle, ReservedHandle) as error:
        raise rules.WrongPassword from error
    db, whom = request.app.state.db, rules.counted(handle, address_of(request))
    async with db.transaction() as tx:
        await store.check_may_try(tx, whom)
        kept = await passwords.by_handle(tx, handle)
    fitting = await fits_apart(password, kept.hash if kept else None)
    async with db.transaction() as tx:
        # Kept although the request is refused.
        await (store.forget_failures(tx, whom) if fitting else store.note_failure(tx, whom))
    if kept is None or not fitting:
        raise rules.WrongPassword
    return kept.user_id
