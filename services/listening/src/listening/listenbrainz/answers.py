"""Plays as ListenBrainz shows listens."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from listening.listenbrainz.who import Listener
from listening.plays.pages import Played

Json = dict[str, Any]


def listens(found: Sequence[Played], whose: Listener, ends: tuple[int, int]) -> Json:
    oldest, latest = ends
    shown = [_listen(each, whose) for each in found]
    stamps = {"latest_listen_ts": latest, "oldest_listen_ts": oldest}
    return {"payload": {"count": len(shown), "user_id": whose.name, **stamps, "listens": shown}}


def playing_now(found: Row[Any] | None, whose: Listener) -> Json:
    shown = [] if found is None else [{"playing_now": True, "track_metadata": _track(found, found.said, whose)}]
    return {"payload": {"count": len(shown), "user_id": whose.name, "playing_now": True, "listens": shown}}


def _listen(played: Played, whose: Listener) -> Json:
    received_at = played.received_at or played.started_at
    return {
        "inserted_at": int(received_at.timestamp()),
        "listened_at": int(played.started_at.timestamp()),
        "recording_msid": str(played.messy_id),
        "user_name": whose.name,
        "track_metadata": _track(played, played.raw, whose),
    }


def _track(of: Any, said: Mapping[str, Any] | None, whose: Listener) -> Json:
    """What a client said besides is for its owner alone: it may tell where they were, and with what."""
    info = dict(said or {}) if whose.own else {}
    if of.duration_ms is not None and "duration" not in info:
        info["duration_ms"] = of.duration_ms
    if of.client is not None and whose.own:
        info.setdefault("submission_client", of.client)
    info["recording_msid"] = str(of.messy_id)
    return {"artist_name": of.artist, "track_name": of.title, "release_name": of.album, "additional_info": info}
