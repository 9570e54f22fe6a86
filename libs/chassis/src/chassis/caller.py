"""Who is asking. Plain values: rules may read them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.identity import Kind

SEES_ALL = frozenset({"bot", "worker", "admin", "service"})


class Caller(BaseModel):
    """`sub` is the user's id for a user, the key's id for a key, the service's name for a service."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    sub: str
    kind: Kind
    scopes: frozenset[str] = frozenset()

    def has(self, scope: str) -> bool:
        return self.kind == "admin" or "admin" in self.scopes or scope in self.scopes

    def is_user(self, user_id: UUID) -> bool:
        return self.kind == "user" and self.sub == str(user_id)

    @property
    def sees_discord_ids(self) -> bool:
        return self.kind in SEES_ALL
