"""Whom PostgreSQL runs as: it refuses root, so that root's runs as a user without rights."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from chassis.errors import Unavailable


class Unreachable(Unavailable):
    sentence = "PostgreSQL cannot reach its folder."


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that change the user of the child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """The owner of the data once there is some, else `postgres` or `nobody`; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(f"user {owner.st_uid}", owner.st_uid, owner.st_gid)
    users = {user.pw_name: user for user in pwd.getpwall()}
    chosen = users.get("postgres") or users["nobody"]
    return Account(chosen.pw_name, chosen.pw_uid, chosen.pw_gid)


def as_account(account: Account | None) -> Identity:
    return Identity(user=account.uid, group=account.gid, extra_groups=[]) if account else Identity()


def give(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)


def require_way_to(folder: Path, account: Account | None) -> None:
    """Raises Unreachable, naming the folder on the way that the account cannot enter."""
    for step in [*reversed(folder.parents), folder]:
        if account and not _may_enter(step.stat(), account):
            raise Unreachable(
                f"PostgreSQL does not run as root but as {account.name}, who cannot enter {step}. "
                f"Set SIDETRACK_HOME to a folder that can be reached, such as /var/lib/sidetrack."
            )


def _may_enter(folder: os.stat_result, account: Account) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)
