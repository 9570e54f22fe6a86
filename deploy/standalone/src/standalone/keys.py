"""The secrets of a home, made at the first start: each a file of mode 0600, none of them in a backup.

`vault.key` encrypts the members' provider tokens, each line a key, the newest first. It is not in backups, so that a
stolen one opens nobody's account: keep a copy of it elsewhere. Without it a restored club works, but its members have
to link their accounts again.
"""

import base64
import json
import os
import re
import secrets
import shlex
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey
from sqlalchemy import make_url

from chassis.errors import Invalid
from chassis.settings import password_of
from standalone.home import alone_in, write_private

PROCESSES = ("gateway", "identity", "catalog", "club", "listening", "taste")
ROLES = tuple(name for name in PROCESSES if name != "gateway")
SERVERS = ("postgres", "rabbitmq", "grafana")
API_KEYS = ("SIDETRACK_BOT_KEY", "SIDETRACK_WORKER_KEY", "SIDETRACK_ADMIN_KEY")
API_KEY_FILE = "api-keys.env"
VAULT_KEYS, VAULT_KEY_FILE = "SIDETRACK_VAULT_KEYS", "vault.key"

Jwk = dict[str, Any]

_api_key = re.compile(r"sdt_[a-z0-9]{8}_[A-Za-z0-9_-]{32,}")


class BadApiKey(Invalid):
    sentence = "An API key reads sdt_<8 of a-z 0-9>_<at least 32 of A-Z a-z 0-9 - _>."


@dataclass(frozen=True)
class VaultKey:
    """AES-256. The id tells a restored row that another key encrypted it."""

    id: str
    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "VaultKey":
        return cls(secrets.token_hex(4), secrets.token_bytes(32))

    @classmethod
    def read(cls, line: str) -> "VaultKey":
        name, _, key = line.partition(":")
        return cls(name, base64.b64decode(key))

    def __str__(self) -> str:
        return f"{self.id}:{base64.b64encode(self.key).decode()}"


@dataclass(frozen=True)
class Keys:
    role_secret: str = field(repr=False)
    # Newest first: the first signs, all are trusted, so that a key can be replaced without a gap.
    signing: Mapping[str, list[Jwk]] = field(repr=False)
    # Newest first: the first seals, all open.
    vault_keys: Sequence[VaultKey]
    api: Mapping[str, str] = field(repr=False)

    @property
    def vault(self) -> VaultKey:
        """The key that seals."""
        return self.vault_keys[0]

    @property
    def trusted(self) -> dict[str, list[Jwk]]:
        """The public half of every process's keys."""
        return {process: [_public(key) for key in keys] for process, keys in self.signing.items()}

    def environment(self, process: str, database: str) -> dict[str, str]:
        """What one process needs, by the names it reads: of the database, only the way in for its own role.

        Only identity sees the API keys and those of the vault; the gateway has no role.
        """
        shared = {"SIDETRACK_TRUSTED_KEYS": json.dumps(self.trusted)}
        own = {"SIDETRACK_SIGNING_KEY": json.dumps(self.signing[process][0])}
        entered = make_url(database).set(username=process, password=self.password(process))
        address = {"SIDETRACK_DATABASE_URL": entered.render_as_string(hide_password=False)}
        role = {} if process == "gateway" else address
        return shared | own | role | (self.identitys if process == "identity" else {})

    @property
    def identitys(self) -> dict[str, str]:
        """What identity alone reads."""
        return {**self.api, VAULT_KEYS: ",".join(map(str, self.vault_keys))}

    def dotenv(self) -> str:
        """An `.env` for all processes together: each one's signing key and password under its name, as `…_CLUB`."""
        shared = {"SIDETRACK_ROLE_SECRET": self.role_secret, "SIDETRACK_TRUSTED_KEYS": json.dumps(self.trusted)}
        signing = {f"SIDETRACK_SIGNING_KEY_{name.upper()}": json.dumps(keys[0]) for name, keys in self.signing.items()}
        roles = {f"SIDETRACK_DB_PASSWORD_{name.upper()}": self.password(name) for name in ROLES}
        servers = {f"SIDETRACK_{name.upper()}_PASSWORD": self.password(name) for name in SERVERS}
        told = shared | signing | roles | servers | self.identitys
        return "".join(f"{name}={shlex.quote(secret)}\n" for name, secret in told.items())

    def password(self, role: str) -> str:
        """Of a role in the database, or of one of the servers beside it."""
        return password_of(role, self.role_secret)


def make_keys(home: Path, environment: Mapping[str, str] = os.environ) -> Keys:
    """The secrets of this home. What is missing is made, what is there stays, API keys in `environment` win.

    Raises BadApiKey for an API key in `environment` that does not have the form of one.
    """
    with alone_in(home):
        return Keys(
            role_secret=_made_once(home / "role_secret", lambda: secrets.token_hex(32)),
            signing=_signing_keys(home / "keys.json"),
            vault_keys=_vault_keys(home / VAULT_KEY_FILE),
            api=_api_keys(home / API_KEY_FILE, environment),
        )


def _made_once(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        write_private(path, make() + "\n")
    return path.read_text("utf-8").strip()


def _signing_keys(path: Path) -> dict[str, list[Jwk]]:
    kept: dict[str, list[Jwk]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    made = {name: [_signing_key(f"{name}-1")] for name in PROCESSES if name not in kept}
    if made:
        write_private(path, json.dumps(kept | made, indent=2) + "\n")
    return kept | made


def _signing_key(kid: str) -> Jwk:
    return dict(OKPKey.generate_key("Ed25519", {"kid": kid}).as_dict(private=True))


def _public(key: Jwk) -> Jwk:
    return dict(OKPKey.import_key(key).as_dict(private=False))


def add_vault_key(home: Path) -> VaultKey:
    """A new key that seals from the next start on; those before it go on opening what they sealed."""
    kept = make_keys(home).vault_keys
    with alone_in(home):
        made = VaultKey.new()
        write_private(home / VAULT_KEY_FILE, "".join(f"{key}\n" for key in (made, *kept)))
    return made


def _vault_keys(path: Path) -> list[VaultKey]:
    return [VaultKey.read(line) for line in _made_once(path, lambda: str(VaultKey.new())).splitlines()]


def _api_keys(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    given = {name: _checked(name, environment[name]) for name in API_KEYS if environment.get(name)}
    kept = _read_lines(path)
    made = {name: _new_api_key() for name in API_KEYS if name not in given | kept}
    if made:
        write_private(path, "".join(f"{name}={key}\n" for name, key in (kept | made).items()))
    return kept | made | given


def _checked(name: str, key: str) -> str:
    if not _api_key.fullmatch(key):
        raise BadApiKey(f"{name} is not an API key. {BadApiKey.sentence}")
    return key


def _read_lines(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {name: key for name, _, key in (line.partition("=") for line in lines) if name in API_KEYS}


def _new_api_key() -> str:
    name = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(8))
    return f"sdt_{name}_{secrets.token_urlsafe(32)}"
