"""People for the other services, which keep copies of them."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.tokens import SignedService
from contracts.identity import AdoptedUsers, MetUsers, UserChanged, UserIn, UsersToAdopt, UsersToMeet
from contracts.ids import UserId
from identity.users.adopting import adopt
from identity.users.announcement import state
from identity.users.meeting import meet, meet_all
from identity.users.rules import NoSuchUser, mentioned
from identity.users.store import user_by_id

router = make_router(prefix="/internal/users", tags=["internal"])


@router.post("")
async def ensure_user(named: UserIn, _: SignedService, tx: Tx) -> UserChanged:
    """The person named: by Discord id made when first seen, by user id only looked up."""
    if named.discord_id is not None:
        return state((await meet(tx, named.discord_id, mentioned(named))).user)
    return await _state_of(tx, named.user_id)


@router.post("/meet")
async def ensure_users(named: UsersToMeet, _: SignedService, tx: Tx) -> MetUsers:
    """The same for many at once, of whom some may be nobody."""
    met = await meet_all(tx, named.users)
    return MetUsers(users=[user and state(user) for user in met])


@router.post("/adopt")
async def adopt_users(given: UsersToAdopt, _: SignedService, tx: Tx) -> AdoptedUsers:
    """Make those who are not known, with the ids they come with; all of them, or nobody."""
    return AdoptedUsers(users=[state(user) for user in await adopt(tx, given.users, only_ask=given.only_ask)])


@router.get("/{user_id}")
async def read_user_state(user_id: UserId, _: SignedService, tx: Read) -> UserChanged:
    """A person as they are announced."""
    return await _state_of(tx, user_id)


async def _state_of(tx: AsyncSession, user_id: UserId | None) -> UserChanged:
    user = await user_by_id(tx, user_id) if user_id else None
    if user is None:
        raise NoSuchUser
    return state(user)
