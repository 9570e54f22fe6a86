"""How a refusal is told: an RFC 9457 problem document."""

from contracts.event import Message


class Fault(Message):
    """What is wrong in a request: where, from `body`, `query` or `path` on, and why."""

    at: list[str | int]
    why: str


class Problem(Message):
    """`code` is for programs, `detail` for a member to read. `errors` come with the code `invalid`."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str | None
    errors: list[Fault] | None = None
