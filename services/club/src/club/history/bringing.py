"""Writing history: past the rules of the phases, and never over what no import made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.outbox import publish
from club.history import rules, store
from club.history.ensure import Known
from club.models import Nomination, Rating, Week
from club.nominations.store import nominate
from club.ratings.rules import check_winner
from club.ratings.store import keep_rating, told
from club.weeks.rules import NoSuchWeek
from club.weeks.store import change_week, ensure_week, refs_of
from club.winners import store as winners
from contracts.history import (
    Fate,
    HistoricItem,
    HistoricNomination,
    HistoricRating,
    HistoricWeek,
    HistoricWinner,
    Imported,
    ItemKind,
    NewImport,
    Outcome,
)
from contracts.ids import ClubId
from contracts.nominations import NewNomination


@dataclass(frozen=True)
class Written:
    subject_id: UUID
    after: rules.State
    before: rules.State | None
    outcome: Fate


def _made(row: Week | Nomination | Rating, kind: ItemKind, before: rules.State | None = None) -> Written:
    return Written(row.id, rules.state(row, kind), before, "made")


def _changed(row: Week | Nomination | Rating, kind: ItemKind, before: rules.State) -> Written:
    return Written(row.id, rules.state(row, kind), before, "changed")


@dataclass(frozen=True)
class Bringing:
    """One batch. Its weeks are taken, its people and albums settled."""

    tx: AsyncSession
    known: Known
    weeks: dict[int, Week]
    new: set[int]

    async def write(self, item: HistoricItem) -> Written | None:
        """None for what is already so; raises why it is not written."""
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
        return _made(week, "week")

    async def _add_to(self, week: Week, item: HistoricWeek) -> Written | None:
        said = {"date_discussion": item.date_discussion}
        changes = rules.differences({"date_discussion": week.date_discussion}, said, whole=False)
        ours, left = await store.made_by_import(self.tx, week.id), await store.left(self.tx, week.id)
        if not ours and week.kind == "skipped" and rules.state(week, "week") in left:
            # What an import had made and its undoing left: the number.
            await change_week(self.tx, week, changes | {"kind": "album"}, item.refs)
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
        whose = select(Nomination).filter_by(week_id=week.id, user_id=user_id, album_id=album_id)
        standing, said = await self.tx.scalar(whose), rules.pitched(item)
        live = standing if standing and standing.withdrawn_at is None else None
        if live and not rules.differences(_columns(live, said), said, whole=False):
            return None
        await self._check(week)
        if standing:
            left = await store.left(self.tx, standing.id, gone=live is None)
            rules.check_untouched(rules.state(standing, "nomination"), left)
        before = rules.state(live, "nomination") if live else None
        given = item.model_dump(include={"user", "album", "pitch", "pitch_track_url", "tags"})
        new = NewNomination(**given, ref=rules.message_of(item.provenance))
        nomination_id, _ = await nominate(self.tx, week.id, user_id, album_id, new)
        nomination = await self.tx.get_one(Nomination, nomination_id, populate_existing=True)
        await self._date(nomination, item, new=before is None)
        return _changed(nomination, "nomination", before) if before else _made(nomination, "nomination")

    async def _decide(self, week: Week, item: HistoricWinner) -> Written | None:
        # Of several albums of one name, the one that was nominated.
        album_id = await winners.nominated(self.tx, week.id, item.album) or self.known.album(item.album)
        if week.winner_album_id == album_id:
            return None
        await self._check(week)
        rules.check_untouched(before := rules.state(week, "week"), await store.left(self.tx, week.id))
        decided = _made if week.winner_album_id is None else _changed
        await change_week(self.tx, week, await winners.by_album(self.tx, week, album_id))
        return decided(week, "week", before)

    async def _rate(self, week: Week, item: HistoricRating) -> Written | None:
        user_id = self.known.user(item.user)
        check_winner(week.winner_album_id)
        standing = await self.tx.scalar(select(Rating).filter_by(week_id=week.id, user_id=user_id))
        said = {"half_steps": item.rating, "favorite_track": item.favorite_track, "review": item.review}
        left = await store.left(self.tx, standing.id) if standing else []
        same_album = standing is not None and standing.album_id == week.winner_album_id
        if same_album and not rules.differences(_columns(standing, said), said, whole=bool(left)):
            return None
        await self._check(week)
        before = rules.state(standing, "rating") if standing else None
        if before:
            rules.check_untouched(before, left)
        rating, _ = await keep_rating(self.tx, week, user_id, said | {"late": False})
        if rating is None:
            return None
        # It may have been read before, and what was read stays in the session.
        await self.tx.refresh(rating)
        await self._date(rating, item, new=before is None)
        await publish(self.tx, told(rating))
        return _changed(rating, "rating", before) if before else _made(rating, "rating")

    async def _date(self, row: Nomination | Rating, item: HistoricItem, *, new: bool) -> None:
        """By the message, whenever it was brought in."""
        row.updated_at = item.provenance.at
        if new:
            row.created_at = item.provenance.at
        if isinstance(row, Rating) and new:
            row.visible_from = item.provenance.at
        await self.tx.flush()

    async def _check(self, week: Week) -> None:
        has_result = await store.has_result(self.tx, week.id)
        rules.check_week(has_result=has_result, imported=await store.made_by_import(self.tx, week.id))


def _columns(row: Any, named: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in named}


async def bring(tx: AsyncSession, club_id: ClubId, new: NewImport, known: Known) -> Imported:
    """Write what can be written of a batch, and tell of every item what became of it."""
    kept = await store.ensure_import(tx, club_id, new.name, new.source)
    batch = Bringing(tx, known, *await _weeks(tx, club_id, [*new.readable.values()]))
    await known.settle(tx)
    outcomes = [
        Outcome(index=index, outcome="refused", code="not_readable", reason=item.why)
        for index, item in new.unreadable.items()
    ]
    for index, item in rules.in_order(new.readable.items()):
        outcomes.append(await _one(batch, kept.id, index, item))
    counts = Counter(each.outcome for each in outcomes)
    import_id = await store.end_import(tx, kept, wrote=bool(counts["made"] + counts["changed"]))
    outcomes.sort(key=lambda each: each.index)
    return Imported(id=import_id, dry_run=False, counts=counts, outcomes=outcomes)


async def _weeks(tx: AsyncSession, club_id: ClubId, items: Sequence[HistoricItem]) -> tuple[dict[int, Week], set[int]]:
    """All weeks of a batch, taken in order, and which of them are new."""
    to_make = {item.number for item in items if item.kind == "week"}
    weeks, new = {}, set()
    for number in sorted({item.number for item in items}):
        if number in to_make:
            weeks[number], made = await ensure_week(tx, club_id, number)
            new |= {number} if made else set()
        else:
            weeks |= await store.take_weeks(tx, club_id, [number])
    return weeks, new


async def _one(batch: Bringing, import_id: UUID, index: int, item: HistoricItem) -> Outcome:
    try:
        written = await batch.write(item)
    except Refusal as refusal:
        return Outcome(index=index, outcome=rules.fate(refusal), code=refusal.code, reason=str(refusal))
    week = batch.weeks[item.number]
    if written is None:
        return Outcome(index=index, outcome="same", week_id=week.id)
    await store.keep_item(
        batch.tx,
        import_id=import_id,
        kind=item.kind,
        key=rules.key(item),
        week_id=week.id,
        subject_id=written.subject_id,
        outcome=written.outcome,
        confidence=item.confidence,
        provenance=item.provenance.model_dump(mode="json"),
        before=written.before,
        after=written.after,
    )
    return Outcome(index=index, outcome=written.outcome, week_id=week.id, subject_id=written.subject_id)


async def rehearse(tx: AsyncSession, club_id: ClubId, new: NewImport, known: Known) -> Imported:
    """What `bring` would do: it does, and takes all of it back."""
    attempt = await tx.begin_nested()
    done = await bring(tx, club_id, new, known)
    await attempt.rollback()
    outcomes = [each.model_copy(update={"week_id": None, "subject_id": None}) for each in done.outcomes]
    return done.model_copy(update={"id": None, "dry_run": True, "outcomes": outcomes})
