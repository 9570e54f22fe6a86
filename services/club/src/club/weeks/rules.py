"""What a week is called, what may change of it, and who may change it. No I/O here."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from contracts.club import NewWeek, WeekChanges
from contracts.refs import Ref


class HostsOnly(Forbidden):
    sentence = "Only the club's hosts can do this."


class NoSuchWeek(NotFound):
    sentence = "There is no such week."


class NumberNeeded(Invalid):
    sentence = "A week needs a number."


class NumberTaken(Conflict):
    sentence = "Another week has this number."


def check_host(caller: Caller, *, hosts: bool = False) -> None:
    """`hosts`: whether the club's roster calls the caller a host."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    if not hosts and not caller.has("club:write"):
        raise HostsOnly


def default_label(number: int, day: date) -> str:
    return f"WEEK {number:03d} [{day.isoformat()}]"


def carried(new: NewWeek) -> dict[str, Any]:
    """What a replay sets: a null would empty a field, and a replay empties none."""
    return new.model_dump(include={"label", "date_discussion", "kind"}, exclude_none=True)


def changed(changes: WeekChanges) -> dict[str, Any]:
    """What a change sets, nulls included; of the winner, the deadlines and the refs is decided elsewhere."""
    fields = changes.model_dump(include={"number", "label", "date_discussion", "kind"}, exclude_unset=True)
    if fields.get("kind", "") is None:
        fields["kind"] = "album"
    if fields.get("number", 0) is None:
        raise NumberNeeded
    return fields


def merge_refs(standing: Iterable[Ref], given: Iterable[Ref]) -> list[Ref]:
    """One ref of a kind, the last one given; but any number of messages. Oldest message first."""
    refs = {_place(ref): ref for ref in standing}
    for ref in given:
        place = _place(ref)
        refs[place] = _with_guild(ref, refs.get(place, ref))
    return sorted(refs.values(), key=lambda ref: (ref.provider, ref.kind, int(ref.id)))


def _place(ref: Ref) -> tuple[str, str, str | None]:
    return (ref.provider, ref.kind, ref.id if ref.kind == "message" else None)


def _with_guild(ref: Ref, before: Ref) -> Ref:
    # The same place told with less: what was known of it stays.
    return before if ref.guild_id is None and ref.id == before.id else ref
