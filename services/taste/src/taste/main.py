"""The taste service."""

from chassis.service import service
from taste.models import TasteTable
from taste.ratings.consumers import consumer as ratings
from taste.votes.consumers import consumer as votes

app = service("taste", metadata=TasteTable.metadata, consumers=[votes, ratings])
