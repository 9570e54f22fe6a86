"""The identity service."""

from chassis.announcer import Announcer
from chassis.service import service
from contracts.identity import UserChanged
from identity.journal import journal
from identity.keys.api import router as keys
from identity.keys.bootstrap import store_bootstrap_keys
from identity.models import IdentityTable, User
from identity.users.announcement import states
from identity.users.api import router as users
from identity.users.internal import router as users_for_services

app = service(
    "identity",
    metadata=IdentityTable.metadata,
    routers=[users, users_for_services, keys],
    announcers=[Announcer(UserChanged, User, states), journal.announcer],
    loops={"bootstrap keys": store_bootstrap_keys},
)
