"""Exports of clubs that are not here."""

import json
import re
from collections import defaultdict
from uuid import uuid4

import pytest

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
async def elsewhere(booth, ask, export):
    """The export of a club with a decided week, as if another deployment had made it: every id is another one."""
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, blue)
    await booth.close()
    await ask("POST", f"{booth.week}/ratings", {"user": {"user_id": str(ida.user_id)}, "rating": 4})
    await ask("POST", "/club/weeks", {"number": 8})
    return retold((await export()).text)


def retold(document):
    """With an id of its own for each that is in it."""
    others = defaultdict(lambda: str(uuid4()))
    return json.loads(UUID.sub(lambda found: others[found[0]], document))


@pytest.fixture
def as_another(export):
    """`await as_another()`: the club's export now, as if another deployment had made it."""

    async def make():
        return retold((await export()).text)

    return make
