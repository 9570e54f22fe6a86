"""From exported threads to what is to be imported, what is doubtful, and what was left out. No I/O here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from club.history.rules import ORDER
from club.threads.exports import Export, Message, moment_of
from club.threads.places import Place, Room, place_of
from club.threads.readings import (
    TAKEN_BACK_LATER,
    LeftOut,
    Reading,
    checked,
    origin,
    read_nomination,
    read_rating,
    unsaid,
)
from club.threads.review import Decision
from club.threads.winners import read_winner
from contracts.naming import album_key

DISAGREE = "Messages of several members name different winners."
DAYS_DISAGREE = "The threads of this week name different days."
WEEKLY: tuple[Room, ...] = ("nominations", "poll", "winner", "ratings")

Read = Callable[[Message, Export, Place], Reading | LeftOut]


@dataclass
class Plan:
    """`items` in the order they are sent; `unplaced` are the files of no week."""

    items: list[Reading] = field(default_factory=list)
    doubtful: list[Reading] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    unplaced: list[str] = field(default_factory=list)


@dataclass
class Thread:
    """An export with its place and the messages that say something."""

    export: Export
    place: Place
    spoken: list[Message]


def make_plan(exports: Iterable[Export], decisions: Mapping[str, Decision], *, per_member: int = 1) -> Plan:
    """`per_member`: how many albums the club lets a member nominate; of more, the last count."""
    plan = Plan()
    threads = [*_threads(exports, plan)]
    decide = _Deciding(decisions, plan)
    weeks = decide(_weeks(threads))
    nominations = _settled(_by_room(threads, "nominations", read_nomination, plan), decide, plan, per_member)
    ratings = _settled(_by_room(threads, "ratings", read_rating, plan), decide, plan, 1)
    winners = _winners(threads, nominations, decide, plan)
    for reading in [*weeks, *nominations, *winners, *ratings]:
        (plan.items if reading.believed else plan.doubtful).append(reading)
    for readings in (plan.items, plan.doubtful):
        readings.sort(key=lambda each: (each.number, ORDER.index(each.kind), each.body["provenance"]["at"]))
    return plan


def _threads(exports: Iterable[Export], plan: Plan) -> Iterator[Thread]:
    seen: set[str] = set()
    for export in exports:
        place = place_of(export.channel)
        plan.left_out["malformed"] += export.malformed
        if place.number is None:
            plan.unplaced.append(export.file)
            plan.left_out["elsewhere"] += len(export.messages)
            continue
        spoken = []
        for message in export.messages:
            why = "twice" if message.id in seen else unsaid(message)
            seen.add(message.id)
            if why is None and place.room in {"poll", "other"}:
                why = "elsewhere"
            if why is None:
                spoken.append(message)
            else:
                plan.left_out[why] += 1
        yield Thread(export, place, spoken)


def _weeks(threads: Sequence[Thread]) -> Iterator[Reading]:
    numbers: dict[int, list[Thread]] = {}
    for thread in threads:
        if thread.place.number is not None and thread.place.room != "other":
            numbers.setdefault(thread.place.number, []).append(thread)
    for number, those in numbers.items():
        days = Counter(thread.place.day for thread in those if thread.place.day)
        moments = [message.at for thread in those for message in thread.export.messages]
        begun = min(moments, default=moment_of(those[0].export.channel.id))
        refs = {thread.place.room: thread for thread in reversed(those) if thread.place.room in WEEKLY}
        body = {
            "number": number,
            "refs": [
                {"kind": room, "id": thread.export.channel.id, "guild_id": thread.export.guild.id}
                for room, thread in refs.items()
            ],
            "provenance": origin(those[0].export) | {"at": begun.isoformat()},
        }
        if days:
            body["date_discussion"] = days.most_common(1)[0][0].isoformat()
        surest = max(those, key=lambda thread: thread.place.confidence).place
        reading = Reading("week", body, 1).doubted(surest.confidence, surest.why)
        yield reading.doubted(0.8, DAYS_DISAGREE) if len(days) > 1 else reading


class _Deciding:
    """What a person decided about a reading, before readings are weighed against each other."""

    def __init__(self, decisions: Mapping[str, Decision], plan: Plan) -> None:
        self._decisions, self._plan = decisions, plan

    def __call__(self, readings: Iterable[Reading]) -> list[Reading]:
        return [decided for reading in readings if (decided := self._decided(checked(reading))) is not None]

    def _decided(self, reading: Reading) -> Reading | None:
        decision = self._decisions.get(reading.key)
        if decision is None or decision.decision is None:
            return reading
        if decision.decision == "drop":
            self._plan.left_out["dropped"] += 1
            return None
        return _accepted(reading, decision.item or {})


def _accepted(reading: Reading, edited: Mapping[str, Any]) -> Reading:
    """As it was edited; where it was said stays as it was read. What the club would still not take stays doubtful."""
    said = {name: value for name, value in edited.items() if name not in {"kind", "confidence", "provenance"}}
    body = {**said, "provenance": reading.body["provenance"]} if said else reading.body
    accepted = checked(replace(reading, body=body, confidence=1, why=(), decided=True))
    return accepted if accepted.believed else reading.doubted(0, accepted.why[-1])


def _by_room(threads: Sequence[Thread], room: Room, read: Read, plan: Plan) -> list[Reading]:
    """All readings of such threads in the order they were said; what was taken back is doubted."""
    readings: list[Reading] = []
    for thread in threads:
        if thread.place.room != room:
            continue
        latest: dict[str, int] = {}
        for message in thread.spoken:
            found = read(message, thread.export, thread.place)
            if isinstance(found, Reading):
                latest[message.author.id] = len(readings)
                readings.append(found)
                continue
            plan.left_out[found] += 1
            if found == "withdrawal" and message.author.id in latest:
                at = latest[message.author.id]
                readings[at] = readings[at].doubted(0.4, TAKEN_BACK_LATER)
    return sorted(readings, key=lambda reading: reading.body["provenance"]["at"])


def _settled(readings: Iterable[Reading], decide: _Deciding, plan: Plan, limit: int) -> list[Reading]:
    """Of what somebody said several times in a week, the last that is believed; and what is doubtful."""
    said: dict[tuple[int, str | None], list[Reading]] = {}
    for reading in decide(readings):
        said.setdefault((reading.number, reading.author), []).append(reading)
    return [kept for those in said.values() for kept in _last(those, plan, limit)]


def _last(readings: Sequence[Reading], plan: Plan, limit: int) -> list[Reading]:
    # What a person accepted comes last, whenever it was said.
    ordered = sorted(readings, key=lambda reading: reading.decided)
    believed = {_of(reading): reading for reading in ordered if reading.believed}
    standing = sorted(believed.values(), key=ordered.index)[-limit:]
    doubtful = {_of(reading): reading for reading in ordered if not reading.believed and _of(reading) not in believed}
    kept = [*standing, *doubtful.values()]
    plan.left_out["corrected"] += len(readings) - len(kept)
    return kept


def _of(reading: Reading) -> str:
    """What it is of: two of one thing are a statement and its correction."""
    album = reading.body.get("album")
    return album_key(album["title"], album["artist"]) if album else ""


def _winners(threads: Sequence[Thread], nominations: Sequence[Reading], decide: _Deciding, plan: Plan) -> list[Reading]:
    readings: dict[int, list[Reading]] = {}
    for thread in threads:
        if thread.place.room != "winner":
            continue
        albums = [
            each.body["album"] for each in nominations if each.number == thread.place.number and "album" in each.body
        ]
        for nth, message in enumerate(thread.spoken):
            found = read_winner(message, thread.export, thread.place, albums, first=nth == 0)
            if isinstance(found, Reading):
                readings.setdefault(found.number, []).append(found)
            else:
                plan.left_out[found] += 1
    return [winner for those in readings.values() for winner in _agreed(decide(those), plan)]


def _agreed(readings: Sequence[Reading], plan: Plan) -> list[Reading]:
    """Of one author the last word, of all what a person accepted; where authors disagree, nobody is believed."""
    weighed = [reading for reading in readings if reading.decided] or readings
    last = {reading.author: reading for reading in weighed if reading.believed}
    albums = {_of(reading): reading for reading in reversed(last.values())}
    doubtful = {_of(reading): reading for reading in weighed if not reading.believed and _of(reading) not in albums}
    named = [*albums.values()] if len(albums) == 1 else [each.doubted(0.4, DISAGREE) for each in albums.values()]
    plan.left_out["corrected"] += len(readings) - len(named) - len(doubtful)
    return [*named, *doubtful.values()]
