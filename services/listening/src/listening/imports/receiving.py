"""A file as it comes in: laid down beside, bounded, and looked at before anything of it is kept."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from chassis.tokens import SignedCaller
from contracts.ids import UserId
from listening.imports.files import kinds_in
from listening.imports.importing import digest_of
from listening.imports.rules import LARGEST, FileTooLarge, NothingSent, importer


class File(NamedTuple):
    user_id: UserId
    path: Path
    digest: bytes


async def _received(request: Request, caller: SignedCaller) -> AsyncIterator[File]:
    """Raises Unauthenticated, OnlyOnesOwn, NothingSent, FileTooLarge, and what the file is refused for."""
    user_id = importer(caller)
    with tempfile.TemporaryDirectory(prefix="sidetrack-import-") as folder:
        path = Path(folder) / "file"
        await _lay_down(request, path)
        await asyncio.to_thread(kinds_in, path)
        yield File(user_id, path, await asyncio.to_thread(digest_of, path))


async def _lay_down(request: Request, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for some in request.stream():
            size += len(some)
            if size > LARGEST:
                raise FileTooLarge
            file.write(some)
    if not size:
        raise NothingSent


Received = Annotated[File, Depends(_received, scope="function")]
