"""API keys over HTTP, for admins."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Path, status

from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.idempotency import answers_secret
from chassis.paging import Cursor, Limit
from chassis.tokens import SignedCaller
from contracts.keys import Key, MadeKey, NewKey, Rotation
from contracts.paging import Page
from identity.keys import answers, rules, store
from identity.keys.making import Made, make_key
from identity.keys.making import rotate as rotate_key
from identity.keys.revoking import revoke
from identity.models import ApiKey
from identity.places import cursor_after, place_before

router = make_router(prefix="/admin/keys", tags=["keys"])

SHOWN_ONCE = [Depends(answers_secret)]
KeyId = Annotated[str, Path(pattern=r"^[a-z0-9]{8}$", description="The 8 characters after `sdt_`.")]


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=SHOWN_ONCE)
async def make(new: NewKey, caller: SignedCaller, tx: Tx) -> MadeKey:
    """Make a key for a program. It is shown this once."""
    rules.check_admin(caller)
    scopes, ends = rules.scopes_of(new.kind, new.scopes), rules.ends_at(new.expires_at, datetime.now(UTC))
    return _made(await make_key(tx, kind=new.kind, name=new.name, scopes=scopes, expires_at=ends))


@router.get("")
async def list_keys(caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Page[Key]:
    """Every key there is or was, newest first, without the secrets."""
    rules.check_admin(caller)
    found = await store.page(tx, place_before(cursor), limit)
    items = [answers.shown(key, owner) for key, owner in found[:limit]]
    return Page(
        items=items, next_cursor=cursor_after(items[-1].created_at, items[-1].id) if len(found) > limit else None
    )


@router.post("/{key_id}/rotate", status_code=status.HTTP_201_CREATED, dependencies=SHOWN_ONCE)
async def rotate(key_id: KeyId, how: Rotation, caller: SignedCaller, tx: Tx) -> MadeKey:
    """Make a key in the place of another, which goes on for `overlap_seconds`. The new one is shown this once."""
    rules.check_admin(caller)
    ends = rules.ends_at(how.expires_at, datetime.now(UTC))
    old = _known(await store.take_key(tx, key_id))
    return _made(await rotate_key(tx, old, timedelta(seconds=how.overlap_seconds), ends))


@router.delete("/{key_id}", status_code=204)
async def revoke_key(key_id: KeyId, caller: SignedCaller, tx: Tx) -> None:
    """End a key, anybody's, at once and for good."""
    rules.check_admin(caller)
    await revoke(tx, _known(await store.take_key(tx, key_id)))


def _known(key: ApiKey | None) -> ApiKey:
    if key is None:
        raise rules.NoSuchKey
    return key


def _made(made: Made) -> MadeKey:
    return MadeKey(**answers.told(made.kept).model_dump(), key=made.shown)
