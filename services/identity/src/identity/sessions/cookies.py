"""The cookie that a browser keeps, and what the gateway tells of the browser."""

from fastapi import Request, Response

from chassis.loopback import is_loopback
from contracts.cookies import PLAIN, SECURE
from identity.sessions.rules import LONGEST, NotSecure

AGENT_KEPT = 200


def check_secure(request: Request) -> bool:
    """Whether it came by https; what did not must be of this machine. Raises NotSecure."""
    secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
    if not secure and not is_loopback(request.headers.get("x-forwarded-host") or request.headers.get("host", "")):
        raise NotSecure
    return secure


def put_cookie(request: Request, response: Response, secret: str) -> None:
    secure = check_secure(request)
    response.set_cookie(
        SECURE if secure else PLAIN,
        secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_cookie(request: Request, response: Response) -> None:
    secure = check_secure(request)
    response.delete_cookie(SECURE if secure else PLAIN, path="/", secure=secure, httponly=True, samesite="lax")


def address_of(request: Request) -> str:
    """Where the request came from, as the gateway saw it."""
    direct = request.client.host if request.client else "unknown"
    return request.headers.get("x-forwarded-for", direct)[:64]


def agent_of(request: Request) -> str | None:
    agent = request.headers.get("user-agent", "").replace("\0", "")[:AGENT_KEPT]
    return agent.encode(errors="replace").decode() or None
