"""Which weeks a reader asks about, in SQL."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import Field
from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select, true

from club.gallery.rules import Days
from club.models import Nomination, Week
from club.weeks import store as weeks
from contracts.ids import UserId
from contracts.phases import WeekKind
from contracts.text import Tag

# A week that is never moved on is `open`: there, the winner ends the poll.
over = or_(
    Week.phase.in_(("discussing", "rating", "closed")),
    and_(Week.phase == "open", Week.winner_album_id.is_not(None)),
)


class Filters(Days):
    """Only weeks for which all that is given is so."""

    tag: Tag | None = Field(default=None, description="Genre, decade or country of the nomination that won.")
    kind: WeekKind | None = None


class Scope(NamedTuple):
    """The weeks that the reader sees, which of them are asked about, and whether one member is enough."""

    seen: Sequence[ColumnElement[bool]]
    filters: Filters
    only: UserId | None = None

    def asked(self) -> ColumnElement[bool]:
        """Whether a week is asked about; speaks of the nomination that won it, too."""
        return and_(true(), *_fits(self.filters))

    def weeks(self) -> Subquery:
        columns = (Week.id, Week.number, Week.winner_album_id, Week.winner_nomination_id)
        won = Nomination.id == Week.winner_nomination_id
        found = select(*columns, self.asked().label("asked"), over.label("over")).outerjoin(Nomination, won)
        return found.where(*self.seen).subquery("season")

    def whom(self, user_id: Any) -> ColumnElement[bool]:
        return true() if self.only is None else user_id == self.only


def _fits(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.since:
        yield weeks.day >= filters.since
    if filters.until:
        yield weeks.day <= filters.until
    if filters.kind:
        yield Week.kind == filters.kind
    if filters.tag:
        # Null is no tag: left as it is, it would make the whole answer null, which is neither yes nor no.
        tags = (func.coalesce(tag, "") for tag in (Nomination.genre, Nomination.decade, Nomination.country))
        yield func.lower(filters.tag).in_([func.lower(tag) for tag in tags])
