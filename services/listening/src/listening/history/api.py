"""Setting one's own listens right, over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Read, Tx
from chassis.http import router as routes
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from contracts.ids import UserId
from contracts.paging import Page
from contracts.plays import Correction, DoubtedListen, ListensToJoin, SightingTold, Why
from listening.history import changing, store
from listening.history.rules import read_key
from listening.models import Play
from listening.plays.keys import ListenKey, listen_id
from listening.reading import plays
from listening.sight import Myself, SeenListener

router = routes(prefix="/users", tags=["listening"])

Word = Annotated[str, Path(max_length=200, description="A listen's id.")]


# Before those of anybody: `me` is no id.
@router.get("/me/listens/quarantined")
async def read_doubted_listens(
    myself: Myself, tx: Read, limit: Limit = 25, cursor: Cursor = None
) -> Page[DoubtedListen]:
    """What was told of oneself and cannot be so, the latest first; it is kept for a year."""
    rows = await store.doubted(tx, myself, place_of(cursor), limit + 1)
    items = [DoubtedListen.model_validate(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(str(items[-1].id)) if len(rows) > limit else None)


@router.delete("/me/listens/{listen}", status_code=204)
async def delete_own_listen(listen: Word, myself: Myself, tx: Tx) -> Response:
    """Let a play be gone, with all that was seen of it; telling it again does not bring it back."""
    await changing.delete(tx, await changing.alone_with(tx, myself), read_key(listen))
    return Response(status_code=204)


@router.patch("/me/listens/{listen}")
async def correct_own_listen(listen: Word, said: Correction, myself: Myself, tx: Tx) -> Why:
    """Say what was really played."""
    user_id, key = await changing.alone_with(tx, myself), read_key(listen)
    await changing.correct(tx, user_id, key, said)
    return await _why(tx, user_id, key)


@router.post("/me/listens/{listen}/split")
async def split_own_listen(listen: Word, myself: Myself, tx: Tx) -> Why:
    """Say that a listen is a play of its own."""
    user_id, key = await changing.alone_with(tx, myself), read_key(listen)
    await changing.split(tx, user_id, key)
    return await _why(tx, user_id, key)


@router.post("/me/listens/{listen}/merge")
async def join_own_listens(listen: Word, other: ListensToJoin, myself: Myself, tx: Tx) -> Why:
    """Say that two listens are one play."""
    user_id, key = await changing.alone_with(tx, myself), read_key(listen)
    await changing.join(tx, user_id, key, read_key(other.other))
    return await _why(tx, user_id, key)


@router.get("/{user_id}/listens/{listen}/why")
async def read_why(user: SeenListener, listen: Word, tx: Read) -> Why:
    """Everything that was seen of a play, and why it is taken for one."""
    return await _why(tx, user.id, read_key(listen))


async def _why(tx: AsyncSession, user_id: UserId, key: ListenKey) -> Why:
    one = await store.listen(tx, user_id, key)
    query = plays.with_names(select(Play.id, Play.started_at, Play.ms, *plays.PIECE), Play.messy_id)
    row = (await tx.execute(query.where(Play.user_id == user_id, Play.id == one.play_id))).one()
    [play] = await plays.told(tx, user_id, [row])
    return Why(play=play, listens=[_told(each) for each in await store.all_of_play(tx, user_id, one)])


def _told(row: Any) -> SightingTold:
    seen = row.Sighting
    return SightingTold(
        id=listen_id(store.key(seen)),
        source=seen.source,
        listened_at=seen.listened_at,
        title=row.title,
        artist=row.artist,
        album=row.album,
        client=seen.client,
        duration_ms=seen.duration_ms,
        why=seen.link,
    )
