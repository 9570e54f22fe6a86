"""What a change of plays takes away."""

from datetime import UTC, datetime
from uuid import UUID

from listening.sums.deltas import Delta, lost

IDA, BEN, RIVER, BLUE = (UUID(int=each) for each in range(1, 5))
NOW = datetime(2025, 11, 18, tzinfo=UTC)


def test_what_only_moved_is_not_lost():
    moved = [Delta(IDA, NOW, RIVER, plays, 0) for plays in (-1, 1, -1)]
    others = [Delta(IDA, NOW, BLUE, 1, 0), Delta(BEN, NOW, RIVER, -1, 0), Delta(BEN, NOW, RIVER, 1, 0)]
    assert lost([*moved, *others]) == [(IDA, RIVER)]
    assert lost(moved[:2]) == []
