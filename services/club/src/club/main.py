"""The club service."""

from chassis.announcer import Announcer
from chassis.service import service
from club.albums.consumers import consumer as albums
from club.document.api import router as document
from club.gallery.api import router as gallery
from club.members.consumers import consumer as members
from club.models import Ballot, ClubTable, Rating
from club.nominations.api import router as nominations
from club.ratings.api import router as ratings
from club.ratings.store import state as given_ratings
from club.votes.api import router as votes
from club.votes.store import state as ballots
from club.weeks.api import router as weeks
from club.winners.api import router as winners
from contracts.club import RatingGiven, VoteCast

app = service(
    "club",
    metadata=ClubTable.metadata,
    routers=[weeks, gallery, document, winners, nominations, votes, ratings],
    consumers=[albums, members],
    announcers=[Announcer(VoteCast, Ballot, ballots), Announcer(RatingGiven, Rating, given_ratings)],
    neighbours=("identity", "catalog"),
)
