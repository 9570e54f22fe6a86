"""Whom a credential stands for: for the gateway, which is shown it."""

from fastapi import Request

from chassis.db import Tx
from chassis.errors import Refusal, Unauthenticated
from chassis.http import private_router
from chassis.tokens import SignedService
from contracts.identity import Credential, Principal
from identity.credentials.principals import of_session, of_token
from identity.keys.rules import UnknownKey
from identity.keys.verification import principal_of
from identity.sessions.rules import UnknownSession

router = private_router(prefix="/internal/principals", tags=["internal"])


class UnknownToken(Unauthenticated):
    sentence = "This access token is not valid, or not any more."


@router.post("")
async def name_principal(credential: Credential, request: Request, _: SignedService, tx: Tx) -> Principal:
    """Whom an API key, a session or an access token stands for, and what it may do."""
    if credential.key is not None:
        return _known(await principal_of(tx, credential.key), UnknownKey)
    if credential.session is not None:
        return _known(await of_session(tx, credential.session), UnknownSession)
    return _known(await of_token(tx, request.app.state.settings, credential.token or ""), UnknownToken)


def _known(found: Principal | None, unknown: type[Refusal]) -> Principal:
    if found is None:
        raise unknown
    return found
