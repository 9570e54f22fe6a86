"""Where a command finds the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.settings import Settings
from standalone.home import make_home
from standalone.keys import Keys, make_keys
from standalone.postgres import reached
from standalone.refusals import refusals


@contextmanager
def settings_at_hand() -> Iterator[Settings]:
    """From the environment where it says where the database is and how to enter it, else from the home."""
    with refusals():
        if os.environ.get("SIDETRACK_DATABASE_URL") and os.environ.get("SIDETRACK_ROLE_SECRET"):
            yield Settings()
            return
        home = make_home()
        with reached(home) as address:
            yield settings_of(make_keys(home), os.environ.get("SIDETRACK_DATABASE_URL") or address)


def settings_of(keys: Keys, address: str) -> Settings:
    """What the home says, over what the environment does."""
    return Settings.model_validate(
        {**Settings().model_dump(), "database_url": address, "role_secret": keys.role_secret}
    )
