"""Keys as they are answered and audited: never with their secret."""

from contracts.keys import Key, OwnKey
from identity.models import ApiKey, User
from identity.users.answers import person


def told(key: ApiKey) -> Key:
    """As the audit keeps it: whose it is, is in the key's own entry by id alone."""
    return Key.model_validate(key)


def shown(key: ApiKey, owner: User | None) -> Key:
    """To an admin."""
    return told(key).model_copy(update={"owner": person(owner, with_discord=True) if owner else None})


def own(key: ApiKey, api_key: str | None = None) -> OwnKey:
    named = OwnKey(id=key.id, name=key.name, created_at=key.created_at, last_used_at=key.last_used_at)
    return named if api_key is None else named.model_copy(update={"kind": "lastfm", "api_key": api_key})
