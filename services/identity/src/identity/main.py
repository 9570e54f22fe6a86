"""The identity service."""

from chassis.announcer import Announcer
from chassis.service import service
from contracts.accounts import LinkChanged
from contracts.follows import FollowChanged
from contracts.identity import UserChanged, UserMerged
from identity.activity.api import router as activity
from identity.activity.consumers import consumer as doings
from identity.clients.api import router as clients
from identity.credentials.api import router as credentials
from identity.exports.api import router as exports
from identity.exports.consumers import consumer as gathered
from identity.exports.schedule import keep_exports_for_a_day
from identity.follows.api import router as follows
from identity.follows.store import states as follow_states
from identity.journal import journal
from identity.keys.admin import router as keys
from identity.keys.bootstrap import store_bootstrap_keys
from identity.keys.own import router as own_keys
from identity.lastfm.approving import router as approving
from identity.lastfm.internal import router as lastfm
from identity.leaving.api import router as leaving
from identity.links.announcement import states as link_states
from identity.links.api import router as links
from identity.links.consumers import consumer as syncs
from identity.links.expiry import watch_authorisations
from identity.logins.api import router as logins
from identity.merging.aliases import states as aliases
from identity.merging.api import router as merging
from identity.models import Follow, IdentityTable, LinkedAccount, User, UserAlias
from identity.oauth.api import router as oauth
from identity.profiles.api import router as profiles
from identity.sessions.api import router as sessions
from identity.tokens.internal import router as tokens
from identity.users.announcement import states
from identity.users.api import router as users
from identity.users.internal import router as users_for_services
from identity.vault.watch import watch_vault

app = service(
    "identity",
    metadata=IdentityTable.metadata,
    routers=[
        sessions,
        logins,
        oauth,
        clients,
        credentials,
        keys,
        own_keys,
        approving,
        lastfm,
        links,
        tokens,
        users,
        users_for_services,
        follows,
        activity,
        profiles,
        merging,
        leaving,
        exports,
    ],
    consumers=[doings, gathered, syncs],
    announcers=[
        Announcer(UserChanged, User, states),
        Announcer(FollowChanged, Follow, follow_states),
        Announcer(LinkChanged, LinkedAccount, link_states),
        Announcer(UserMerged, UserAlias, aliases),
        journal.announcer,
    ],
    neighbours=("club", "listening", "taste"),
    loops={
        "bootstrap keys": store_bootstrap_keys,
        "vault": watch_vault,
        "authorisations": watch_authorisations,
        "exports": keep_exports_for_a_day,
    },
)
