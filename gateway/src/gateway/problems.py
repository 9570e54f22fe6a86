"""The ways the door itself refuses, beside those every service knows."""

from collections.abc import Iterable

from starlette.responses import Response

from chassis import http
from chassis.errors import Refusal


class MethodNotAllowed(Refusal):
    sentence = "This address does not take this method."

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.allowed = ", ".join(sorted(allowed))


class TooLarge(Refusal):
    sentence = "The request's body is larger than this address takes."


class Unsupported(Refusal):
    sentence = "This form of content is not supported."


class TooSlow(Refusal):
    sentence = "The answer took too long; please try again soon."


STATUS: dict[type[Refusal], int] = http.STATUS | {
    MethodNotAllowed: 405,
    TooLarge: 413,
    Unsupported: 415,
    TooSlow: 504,
}


def document(refusal: Refusal) -> Response:
    """The refusal as a problem document, never to be stored."""
    status = next(code for category, code in STATUS.items() if isinstance(refusal, category))
    answer = http.problem(status, refusal.code, str(refusal))
    answer.headers["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, MethodNotAllowed):
        answer.headers["Allow"] = refusal.allowed
    return answer
