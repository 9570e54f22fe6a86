"""Merges as they are told, to every service that keeps aliases."""

from itertools import permutations
from uuid import UUID

from contracts.identity import UserMerged
from contracts.ids import AlbumId
from contracts.merging import AlbumMerged

IDA, BEN, CLEO = (UUID(int=each) for each in (1, 2, 3))
MERGES = [
    UserMerged(user_id=IDA, survivor_id=BEN, version=1),
    UserMerged(user_id=BEN, survivor_id=CLEO, version=2),
    UserMerged(user_id=IDA, survivor_id=CLEO, version=3),
]
# In any order, some only, and again.
TOLD = [*permutations(MERGES), MERGES[:2], MERGES[1::-1], MERGES * 2, MERGES[::-1] * 2]

OLD, BLUE, HEJIRA = (AlbumId(UUID(str(each) * 32)) for each in (1, 2, 3))
# Merged, taken apart, and merged into another one.
STATES = [
    AlbumMerged(version=each, album_id=OLD, survivor_id=into) for each, into in ((1, BLUE), (2, None), (3, HEJIRA))
]
