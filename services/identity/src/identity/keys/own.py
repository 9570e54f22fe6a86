"""Somebody's own keys, with which their scrobblers hand in what they listen to."""

from fastapi import status

from chassis.caller import signed_in
from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.paging import Cursor, Limit
from chassis.tokens import SignedCaller
from contracts.keys import MadeOwnKey, NewOwnKey, OwnKey
from contracts.paging import Page
from identity.keys import answers, rules, store
from identity.keys.admin import SHOWN_ONCE, KeyId
from identity.keys.making import make_key
from identity.keys.revoking import revoke
from identity.lastfm.applications import make_application
from identity.places import cursor_after, place_before
from identity.vault.cipher import vault_at_hand

router = make_router(prefix="/users/me/keys", tags=["keys"])


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=SHOWN_ONCE)
async def make_own_key(new: NewOwnKey, caller: SignedCaller, tx: Tx) -> MadeOwnKey:
    """Make a key for one of one's scrobblers. It is shown this once, and may hand in listens and nothing else."""
    owner_id = signed_in(caller)
    rules.check_room(await store.number_of_own_keys(tx, owner_id))
    made = await make_key(tx, kind="user", name=new.name, scopes=list(rules.OWN_SCOPES), owner_id=owner_id)
    if new.kind == "lastfm":
        api_key, secret = await make_application(tx, made, vault_at_hand())
        return MadeOwnKey(**answers.own(made.kept, api_key).model_dump(), key=made.shown, secret=secret)
    return MadeOwnKey(**answers.own(made.kept).model_dump(), key=made.shown)


@router.get("")
async def list_own_keys(caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Page[OwnKey]:
    """One's own keys that are not revoked, newest first."""
    found = await store.own_keys(tx, signed_in(caller), place_before(cursor), limit)
    items = [answers.own(key, api_key) for key, api_key in found[:limit]]
    return Page(
        items=items, next_cursor=cursor_after(items[-1].created_at, items[-1].id) if len(found) > limit else None
    )


@router.delete("/{key_id}", status_code=204)
async def revoke_own_key(key_id: KeyId, caller: SignedCaller, tx: Tx) -> None:
    """End one of one's keys, at once and for good."""
    owner_id = signed_in(caller)
    key = await store.take_key(tx, key_id)
    if key is None or key.owner_id != owner_id:
        raise rules.NoSuchKey
    await revoke(tx, key)
