"""API keys for the gateway, which is shown them."""

from chassis.db import Tx
from chassis.http import router as make_router
from chassis.tokens import SignedService
from contracts.identity import Credential, Principal
from identity.keys.rules import UnknownKey
from identity.keys.verification import principal_of

router = make_router(prefix="/internal/principals", tags=["internal"])


@router.post("")
async def name_principal(credential: Credential, _: SignedService, tx: Tx) -> Principal:
    """Whom an API key stands for, and what it may do."""
    principal = await principal_of(tx, credential.key)
    if principal is None:
        raise UnknownKey
    return principal
