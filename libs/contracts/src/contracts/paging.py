"""Lists come in pages."""

from typing import Generic, TypeVar

from contracts.event import Message

T = TypeVar("T")


class Page(Message, Generic[T]):
    """`next_cursor` fetches the page that follows; null on the last."""

    items: list[T]
    next_cursor: str | None = None
