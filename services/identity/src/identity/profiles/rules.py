"""What a change of one's profile sets, and how a person is named in an address. No I/O here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.privacy import Audience, Privacy
from contracts.profiles import ProfileChange
from identity.handles.rules import check_handle, looks

_NARROWER: Mapping[Audience, int] = {"public": 0, "members": 1, "private": 2}


def changes(change: ProfileChange, privacy: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a change sets, given the privacy decided so far. Raises BadHandle, ReservedHandle."""
    sent = change.model_dump(include={"bio", "timezone"}, exclude_unset=True)
    if "handle" in change.model_fields_set:
        handle = None if change.handle is None else check_handle(change.handle)
        sent |= {"handle": handle, "handle_looks": None if handle is None else looks(handle)}
    if "display_name" in change.model_fields_set:
        # A name cannot be taken away: it stays until Discord tells another.
        name = {} if change.display_name is None else {"display_name": change.display_name}
        sent |= name | {"own_name": change.display_name is not None}
    if "avatar_url" in change.model_fields_set:
        sent |= {"avatar_url": change.avatar_url, "own_avatar": change.avatar_url is not None}
    if decided := change.privacy.model_dump(exclude_unset=True):
        sent["privacy"] = {**privacy, **decided}
    return sent


def narrowed(before: Privacy, after: Privacy) -> bool:
    """Whether anything is shown to fewer people than before."""
    return any(_NARROWER[getattr(after, name)] > _NARROWER[getattr(before, name)] for name in Privacy.model_fields)


def named(address: str, caller_id: UUID | None) -> UUID | str | None:
    """Whom `me`, a user id or `@handle` means: an id, or a handle as it is kept; None for a stranger's `me`."""
    if address == "me":
        return caller_id
    return address[1:].lower() if address.startswith("@") else UUID(address)
