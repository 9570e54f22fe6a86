"""The club service."""

from chassis.announcer import Announcer
from chassis.service import service
from club.albums.consumers import consumer as albums
from club.archive.api import exports, restores
from club.audit.api import router as audit
from club.audit.consumers import consumer as others_audit
from club.ballots.announced import state as ballots
from club.ballots.api import router as whole_ballots
from club.bars.api import router as bars
from club.clubs.addresses import of_clubs
from club.clubs.api import router as clubs
from club.document.api import router as document
from club.exporting.consumers import consumer as own_exports
from club.featured.api import router as featured
from club.gallery.api import router as gallery
from club.history.api import router as history
from club.members.consumers import consumer as members
from club.members.internal import router as members_for_services
from club.memory.api import router as memory
from club.messages.api import router as messages
from club.models import Ballot, Club, ClubTable, Nomination, Rating, Result, Week
from club.nominations.api import router as nominations
from club.nominations.moderation import router as corrections
from club.nominations.store import state as nomination_states
from club.overrides.api import router as overrides
from club.parsing.api import router as parsing
from club.phases.api import router as phases
from club.phases.schedule import keep_phases
from club.proof.api import router as receipts
from club.ratings.api import router as ratings
from club.ratings.store import state as given_ratings
from club.results.api import router as results
from club.results.store import state as computed_results
from club.reveals.schedule import keep_revealing
from club.reviews.api import router as reviews
from club.roster.api import router as roster
from club.roster.store import state as rosters
from club.votes.api import router as votes
from club.weeks.api import router as weeks
from club.weeks.store import state as week_states
from club.winners.api import router as winners
from contracts.clubs import RosterChanged
from contracts.nominations import NominationChanged
from contracts.phases import WeekChanged
from contracts.ratings import RatingGiven
from contracts.results import ResultComputed
from contracts.votes import VoteCast

app = service(
    "club",
    metadata=ClubTable.metadata,
    routers=[
        *of_clubs(
            weeks,
            gallery,
            document,
            phases,
            winners,
            nominations,
            votes,
            whole_ballots,
            receipts,
            results,
            ratings,
            roster,
            bars,
            parsing,
            messages,
            memory,
            featured,
            history,
            exports,
        ),
        clubs,
        restores,
        reviews,
        members_for_services,
        audit,
        corrections,
        overrides,
    ],
    consumers=[albums, members, others_audit, own_exports],
    announcers=[
        Announcer(NominationChanged, Nomination, nomination_states),
        Announcer(VoteCast, Ballot, ballots),
        Announcer(RatingGiven, Rating, given_ratings),
        Announcer(WeekChanged, Week, week_states),
        Announcer(ResultComputed, Result, computed_results),
        Announcer(RosterChanged, Club, rosters),
    ],
    loops={"phases": keep_phases, "reveals": keep_revealing},
    neighbours=("identity", "catalog"),
)
