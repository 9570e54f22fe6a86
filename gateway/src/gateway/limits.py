"""How much a request may carry, and what of it has come in so far."""

from starlette.types import Message, Receive, Scope

from chassis.errors import BadRequest, Refusal
from gateway.addresses import ByAddress
from gateway.problems import TooLarge, Unsupported
from gateway.routes import SUBMITTING

MEBIBYTE = 1024 * 1024
USUAL = MEBIBYTE
LISTENBRAINZ_BATCH = 1000 * 10_240  # a thousand listens of ten KiB each, as ListenBrainz itself takes
LARGER = ByAddress(
    {
        "/listens/bulk": 5 * MEBIBYTE,
        "/listens/import": 64 * MEBIBYTE,
        "/music/tracks/ensure": 5 * MEBIBYTE,
        "/clubs/{slug}/restore": 64 * MEBIBYTE,
    }
    | dict.fromkeys(SUBMITTING, LISTENBRAINZ_BATCH)
)
GONE: Message = {"type": "http.disconnect"}


class UnclearLength(BadRequest):
    sentence = "The request does not say clearly how long its body is."


class BodyTooLarge(TooLarge):
    pass


class CompressedBody(Unsupported):
    sentence = "Send the body uncompressed."


def limit_of(path: str) -> int:
    return LARGER.find(path) or USUAL


def check(headers: list[tuple[bytes, bytes]], limit: int) -> None:
    """Refuses by what the headers announce, before a byte of the body is taken."""
    lengths = [text for name, text in headers if name == b"content-length"]
    chunked = any(name == b"transfer-encoding" for name, _ in headers)
    if len(lengths) > 1 or (lengths and (chunked or not lengths[0].isdigit())):
        raise UnclearLength
    if lengths and (len(lengths[0]) > len(str(limit)) + 1 or int(lengths[0]) > limit):
        raise BodyTooLarge
    if any(name == b"content-encoding" and text.strip().lower() != b"identity" for name, text in headers):
        raise CompressedBody


class Intake:
    """What the client sends, counted. Past the limit it is as if the client had left."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left_over = receive, limit
        self.complete = False
        self.left = False
        self.overrun = False

    @classmethod
    def admit(cls, scope: Scope, receive: Receive, path: str) -> "Intake":
        limit = limit_of(path)
        check(scope["headers"], limit)
        return cls(receive, limit)

    async def receive(self) -> Message:
        if self.overrun:
            return GONE
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.left = True
            return message
        self._left_over -= len(message.get("body", b""))
        self.complete = not message.get("more_body", False)
        if self._left_over < 0:
            self.overrun = True
            return GONE
        return message

    @property
    def refusal(self) -> Refusal | None:
        return BodyTooLarge() if self.overrun else None
