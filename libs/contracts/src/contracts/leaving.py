"""What identity announces of those who leave."""

from datetime import datetime
from typing import ClassVar

from contracts.event import Event
from contracts.ids import UserId


class UserDeleted(Event):
    """Somebody who left for ever, by every id they had: nothing that is told of these ids afterwards is kept.

    What must stay of them, as a ballot that was counted, is kept under `former_id`, in every service under the same.
    Nothing else is told of it, and nothing that is kept says whose it was: so this event cannot be announced again.
    """

    topic: ClassVar[str] = "identity.user.deleted"
    restated: ClassVar[bool] = False
    consumers: ClassVar[tuple[str, ...]] = (
        "catalog.forget_user",
        "club.forget_member",
        "listening.forget_user",
        "taste.forget_user",
    )

    user_id: UserId
    aliases: list[UserId]
    former_id: UserId
    deleted_at: datetime
