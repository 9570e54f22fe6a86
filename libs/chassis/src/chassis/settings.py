"""Settings every process reads from its environment."""

import hashlib
import hmac
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url


class Settings(BaseSettings):
    """`SIDETRACK_…`; delays and timeouts are seconds."""

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", frozen=True)

    database_url: str = "postgresql://127.0.0.1:5432/sidetrack"
    listen_url: str | None = None
    role_secret: SecretStr | None = None
    bus_url: str = "local://"

    signing_key: dict[str, Any] | None = None
    trusted_keys: dict[str, list[dict[str, Any]]] = {}
    identity_url: str | None = None
    catalog_url: str | None = None
    club_url: str | None = None
    listening_url: str | None = None
    taste_url: str | None = None

    ladder: tuple[float, ...] = (5, 30, 300)
    poll: float = 1.0
    send_timeout: float = 10
    handler_timeout: float = 60
    call_timeout: float = 3
    queue_check: float = 30
    heartbeat: int = 15
    statement_timeout: float = 10
    lock_timeout: float = 5
    log_level: str = "INFO"
    trusted_proxies: str = ""

    @property
    def local(self) -> bool:
        """Whether PostgreSQL itself is the bus."""
        return self.bus_url.startswith("local:")

    def role_url(self, role: str) -> URL:
        """The database as `role`: with its derived password, or as the address stands when there is no secret."""
        return self._as(role, self.database_url)

    def listen_dsn(self, role: str) -> str:
        """For LISTEN, which a pooler in transaction mode would break."""
        url = self._as(role, self.listen_url or self.database_url)
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _as(self, role: str, address: str) -> URL:
        url = make_url(address).set(drivername="postgresql+asyncpg")
        if self.role_secret is None:
            return url
        return url.set(username=role, password=password_of(role, self.role_secret.get_secret_value()))


def password_of(role: str, secret: str) -> str:
    """One secret makes every role's password; who holds only a role's password can make no other."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()
