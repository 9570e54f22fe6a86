"""Runs one of PostgreSQL's programs to its end."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from standalone.postgres.account import Account, as_account


def run(
    *command: str | Path, says: str = "", env: Mapping[str, str] | None = None, account: Account | None = None
) -> subprocess.CompletedProcess[str]:
    """What became of it, also when it failed: the caller knows what that means."""
    return subprocess.run(  # noqa: S603 — the programs are ours, and no shell reads the arguments
        command, input=says, env=env, cwd="/", capture_output=True, text=True, check=False, **as_account(account)
    )
