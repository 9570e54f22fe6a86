"""The listening service."""

from chassis.service import service
from listening.models import ListeningTable
from listening.users.consumers import consumer as users

app = service("listening", metadata=ListeningTable.metadata, consumers=[users])
