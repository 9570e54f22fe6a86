"""How ballots are sealed: leaves, the chain, the Merkle tree, and the draw's commitment. No I/O here.

Everything is SHA-256 over fixed-width fields, so that no two different things have the same bytes. A leading byte says
what is hashed: 0 a leaf of the tree, 1 a node of it, 2 a link of the chain, 3 its beginning; docs/voting.md shows all.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from contracts.ids import NominationId, WeekId

TREE_LEAF, TREE_NODE, LINK, BEGINNING = (bytes([kind]) for kind in range(4))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOBODY = bytes(16)

Step: TypeAlias = tuple[Literal["left", "right"], bytes]


class Link(NamedTuple):
    ballot_ref: UUID
    leaf: bytes


def commitment(seed: bytes) -> bytes:
    return hashlib.sha256(seed).digest()


def salt(salt_key: bytes, number: int) -> bytes:
    """A salt for each link, from one key a ballot: opening the last link opens none before it."""
    return hmac.digest(salt_key, number.to_bytes(8), hashlib.sha256)


def leaf(
    ballot_ref: UUID, salt: bytes, first: NominationId | None, second: NominationId | None, cast_at: datetime
) -> bytes:
    """H(ballot_ref ‖ salt ‖ choices ‖ cast_at): 16 + 32 + 16 + 16 + 8 bytes, the time in microseconds since 1970."""
    choices = (first.bytes if first else NOBODY) + (second.bytes if second else NOBODY)
    moment = (cast_at - EPOCH) // MICROSECOND
    return hashlib.sha256(ballot_ref.bytes + salt + choices + moment.to_bytes(8, signed=True)).digest()


def beginning(week_id: WeekId, commit: bytes) -> bytes:
    """The head of an empty chain, which holds the draw's commitment: another seed would be another chain."""
    return hashlib.sha256(BEGINNING + week_id.bytes + commit).digest()


def next_head(head: bytes, number: int, link: Link) -> bytes:
    return hashlib.sha256(LINK + head + number.to_bytes(8) + link.ballot_ref.bytes + link.leaf).digest()


def heads(head: bytes, links: Iterable[Link]) -> list[bytes]:
    """Every head of the chain: that of its beginning, and the one after each link."""
    found = [head]
    for number, link in enumerate(links, start=1):
        found.append(next_head(found[-1], number, link))
    return found


def last_numbers(links: Sequence[Link]) -> list[int]:
    """The numbers of those links that no later one of the same ballot replaced, ascending."""
    return sorted({link.ballot_ref: number for number, link in enumerate(links, start=1)}.values())


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root as RFC 9162 has it; a node without a neighbour rises as it is. Without leaves, H of nothing."""
    level = [hashlib.sha256(TREE_LEAF + each).digest() for each in leaves]
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256().digest()


def path(leaves: Sequence[bytes], index: int) -> list[Step]:
    """The neighbours on the way from the leaf at `index` up to the root."""
    level, steps = [hashlib.sha256(TREE_LEAF + each).digest() for each in leaves], list[Step]()
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            steps.append(("left" if neighbour < index else "right", level[neighbour]))
        level, index = _above(level), index // 2
    return steps


def climb(leaf: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    node = hashlib.sha256(TREE_LEAF + leaf).digest()
    for side, neighbour in steps:
        node = _node(neighbour, node) if side == "left" else _node(node, neighbour)
    return node


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [level[each : each + 2] for each in range(0, len(level), 2)]
    return [_node(*pair) if len(pair) > 1 else pair[0] for pair in pairs]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(TREE_NODE + left + right).digest()
