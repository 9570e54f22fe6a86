"""The taste service."""

from chassis.service import service
from taste.albums.consumers import consumer as albums
from taste.blending.api import router as blending
from taste.clubs.consumers import consumer as clubs
from taste.compatibility.api import router as compatibility
from taste.days.consumers import consumer as days
from taste.exporting.consumers import consumer as exports
from taste.forecasts.api import router as forecasts
from taste.journal import journal
from taste.matching.api import router as matching
from taste.matching.work import keep_matching
from taste.models import TasteTable
from taste.outside.api import router as outside
from taste.profiles.api import router as profiles
from taste.profiles.work import keep_profiles
from taste.ratings.consumers import consumer as ratings
from taste.recommending.api import router as recommendations
from taste.users.consumers import consumer as users
from taste.users.internal import router as internal
from taste.votes.consumers import consumer as votes

app = service(
    "taste",
    metadata=TasteTable.metadata,
    routers=[profiles, outside, compatibility, matching, forecasts, recommendations, blending, internal],
    consumers=[votes, ratings, days, users, albums, clubs, exports],
    announcers=[journal.announcer],
    loops={"profiling": keep_profiles, "matching": keep_matching},
)
