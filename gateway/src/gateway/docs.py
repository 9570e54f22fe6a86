"""The page that shows the merged document. It loads nothing from elsewhere."""

import base64
import hashlib
import re
from importlib.resources import files

from starlette.responses import HTMLResponse

PAGE = files("gateway").joinpath("docs.html").read_text("utf-8")


def _hash_of(tag: str) -> str:
    inline = re.search(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
    if inline is None:
        raise LookupError(f"The page holds no <{tag}>.")
    digest = hashlib.sha256(inline[1].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# By their hashes the page's own script and style may run, and nothing that finds its way into it.
POLICY = (
    f"default-src 'none'; script-src {_hash_of('script')}; style-src {_hash_of('style')}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})
