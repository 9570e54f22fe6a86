"""Writing one item of history: past the rules of the phases, and never over what no import made."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import standing_album
from club.history import rules, store
from club.history.ensure import Known
from club.models import Import, Nomination, Nominator, Rating, Week
from club.nominations import store as nominations
from club.nominations.changing import changing
from club.nominations.nominate import stand
from club.ratings import history as ratings
from club.ratings.rules import check_winner
from club.weeks.rules import NoSuchWeek
from club.weeks.store import change_week, refs_of
from club.winners import store as winners
from contracts.history import (
    Fate,
    HistoricItem,
    HistoricNomination,
    HistoricRating,
    HistoricWeek,
    HistoricWinner,
    ItemKind,
)
from contracts.ids import AlbumId, UserId


@dataclass(frozen=True)
class Written:
    subject_id: UUID
    after: rules.State
    before: rules.State | None
    outcome: Fate


def _made(row: Week | Rating, kind: ItemKind, before: rules.State | None = None) -> Written:
    return Written(row.id, rules.state(row, kind), before, "made")


def _changed(row: Week | Rating, kind: ItemKind, before: rules.State) -> Written:
    return Written(row.id, rules.state(row, kind), before, "changed")


@dataclass(frozen=True)
class Batch:
    """Its weeks are taken, its people and albums settled; `new` are the numbers of weeks that are only just made.

    What was written is noted together, by `keep`.
    """

    tx: AsyncSession
    of: Import
    known: Known
    weeks: dict[int, Week]
    new: set[int]
    open: set[int] = field(default_factory=set)
    unkept: list[dict[str, Any]] = field(default_factory=list)

    async def write(self, item: HistoricItem) -> Written | None:
        """None for what is already so; raises why it is not written."""
        written = await self._write(item)
        if written is not None:
            self.unkept.append(
                {
                    "import_id": self.of.id,
                    "kind": item.kind,
                    "key": rules.key(item),
                    "week_id": self.weeks[item.number].id,
                    "subject_id": written.subject_id,
                    "outcome": written.outcome,
                    "confidence": item.confidence,
                    "provenance": item.provenance.model_dump(mode="json"),
                    "before": written.before,
                    "after": written.after,
                }
            )
        return written

    async def keep(self) -> None:
        """Note all that was written since the last time."""
        await store.keep_items(self.tx, self.unkept)
        self.unkept.clear()

    async def _write(self, item: HistoricItem) -> Written | None:
        if (week := self.weeks.get(item.number)) is None:
            raise NoSuchWeek
        if isinstance(item, HistoricWeek):
            return await self._make(week, item) if item.number in self.new else await self._add_to(week, item)
        if isinstance(item, HistoricNomination):
            return await self._nominate(week, item)
        if isinstance(item, HistoricWinner):
            return await self._decide(week, item)
        return await self._rate(week, item)

    async def _make(self, week: Week, item: HistoricWeek) -> Written:
        self.new.discard(item.number)
        fields = {"phase": "closed", "date_discussion": item.date_discussion, "created_at": item.provenance.at}
        await change_week(self.tx, week, fields, item.refs, new=True)
        self.open.add(week.number)
        return _made(week, "week")

    async def _add_to(self, week: Week, item: HistoricWeek) -> Written | None:
        said = {"date_discussion": item.date_discussion}
        changes = rules.differences({"date_discussion": week.date_discussion}, said, whole=False)
        ours, left = await store.made_by_import(self.tx, week.id), await self._left(week.id)
        if not ours and week.kind == "skipped" and rules.state(week, "week") in left:
            # What an import had made and its undoing left: the number.
            await change_week(self.tx, week, changes | {"kind": "album"}, item.refs)
            self.open.add(week.number)
            return _made(week, "week")
        refs = rules.new_refs((await refs_of(self.tx, [week.id]))[week.id], item.refs) if ours else []
        if not changes and not refs:
            return None
        await self._check(week)
        rules.check_untouched(before := rules.state(week, "week"), left)
        await change_week(self.tx, week, changes, refs)
        return _changed(week, "week", before)

    async def _nominate(self, week: Week, item: HistoricNomination) -> Written | None:
        user_id, album_id = self.known.user(item.user), self.known.album(item.album)
        nomination = await nominations.of_album(self.tx, week.id, album_id, user_id)
        part = await self.tx.get(Nominator, (nomination.id, user_id)) if nomination else None
        leads = nomination is None or nomination.withdrawn_at is not None or nomination.user_id == user_id
        standing = rules.part_state(nomination, part, leads=leads) if nomination and part else None
        live = standing if standing and not standing["withdrawn_at"] else None
        if live and not rules.differences(live, rules.pitched(item, leads=leads), whole=False):
            return None
        await self._check(week)
        if nomination and standing:
            left = await self._left(nomination.id, gone=live is None)
            rules.check_untouched(standing, [each for each in left if each["user_id"] == str(user_id)])
        nomination = nomination or await self._put_up(week, user_id, album_id, item)
        async with changing(self.tx, week, nomination, rules.because(self.of.name)):
            await stand(self.tx, nomination, user_id, part, rules.nominating(item, leads=leads), item.provenance.at)
        part = await self.tx.get_one(Nominator, (nomination.id, user_id))
        after = rules.part_state(nomination, part, leads=leads)
        return Written(nomination.id, after, live, "changed" if live else "made")

    async def _put_up(self, week: Week, user_id: UserId, album_id: AlbumId, item: HistoricNomination) -> Nomination:
        nomination = await nominations.put_up(self.tx, week.id, user_id, album_id)
        nomination.created_at = item.provenance.at
        return nomination

    async def _decide(self, week: Week, item: HistoricWinner) -> Written | None:
        # Of several albums of one name, the one that was nominated.
        album_id = await winners.nominated(self.tx, week.id, item.album) or self.known.album(item.album)
        if week.winner_album_id and await standing_album(self.tx, week.winner_album_id) == album_id:
            return None
        await self._check(week)
        rules.check_untouched(before := rules.state(week, "week"), await self._left(week.id))
        decided = _made if week.winner_album_id is None else _changed
        await change_week(self.tx, week, await winners.by_album(self.tx, week, album_id))
        return decided(week, "week", before)

    async def _rate(self, week: Week, item: HistoricRating) -> Written | None:
        user_id = self.known.user(item.user)
        check_winner(week.winner_album_id)
        said = {"half_steps": item.rating, "favorite_track": item.favorite_track, "review": item.review}
        standing = await ratings.take(self.tx, week, user_id)
        live = standing if standing and standing.withdrawn_at is None else None
        left = await self._left(standing.id, gone=live is None) if standing else []
        same_album = live is not None and live.album_id == week.winner_album_id
        if same_album and not rules.differences(_columns(live, said), said, whole=bool(left)):
            return None
        await self._check(week)
        ref = rules.message_of(item.provenance)
        first = said | {"album_id": week.winner_album_id, "ref": ref and ref.model_dump(), "late": False}
        if standing is None:
            return await self._rate_first(week, user_id, first | _dated(item))
        rules.check_untouched(before := rules.state(standing, "rating"), left)
        await ratings.change(self.tx, week, standing, first | {"withdrawn_at": None})
        return _changed(standing, "rating", before) if live else _made(standing, "rating")

    async def _rate_first(self, week: Week, user_id: UserId, first: dict[str, Any]) -> Written | None:
        # Seen since it was given: the week is long over.
        rating = await ratings.begin(self.tx, week, user_id, first | {"visible_from": first["created_at"]})
        return _made(rating, "rating") if rating else None

    async def _check(self, week: Week) -> None:
        if week.number in self.open:
            return
        await self.keep()
        has_result = await store.has_result(self.tx, week.id)
        rules.check_week(has_result=has_result, imported=await store.made_by_import(self.tx, week.id))
        self.open.add(week.number)

    async def _left(self, subject_id: UUID, *, gone: bool = False) -> list[rules.State]:
        # What this batch wrote is among it.
        await self.keep()
        return await store.left(self.tx, subject_id, gone=gone)


def _dated(item: HistoricItem) -> dict[str, datetime]:
    """By the message, whenever it is brought in."""
    return dict.fromkeys(("created_at", "updated_at"), item.provenance.at)


def _columns(row: Any, named: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in named}
