"""Where a scrobbler sends its owner's browser to, for them to let it in."""

import base64
import hashlib
import re
from importlib.resources import files

from fastapi import status
from fastapi.responses import HTMLResponse

from chassis.caller import signed_in
from chassis.db import Tx
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts.lastfm import Approval
from identity.lastfm import store
from identity.lastfm.rules import NoSuchRequest

router = make_router(prefix="/api/auth", tags=["keys"])

PAGE = files("identity.lastfm").joinpath("approve.html").read_text("utf-8")
_SCRIPT = re.search(r"<script>(.*?)</script>", PAGE, re.DOTALL)
_HASH = base64.b64encode(hashlib.sha256((_SCRIPT[1] if _SCRIPT else "").encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'sha256-{_HASH}'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}


@router.get("", include_in_schema=False)
async def show_page() -> HTMLResponse:
    """Nothing is approved by looking at it."""
    return HTMLResponse(PAGE, headers=HEADERS)


@router.post("", status_code=status.HTTP_204_NO_CONTENT)
async def approve(asked: Approval, caller: SignedCaller, tx: Tx) -> None:
    """Let a scrobbler in that asked with one of one's own keys."""
    if not await store.approve(tx, signed_in(caller), asked.api_key, asked.token):
        raise NoSuchRequest
