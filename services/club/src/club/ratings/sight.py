"""What a caller sees of a club's ratings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from club.members import store as members
from club.members.paths import named
from club.members.privacy import RatingsPrivate, Reader
from club.members.rules import meant
from club.models import Club, Member, Rating, Week
from club.phases.rules import phase_at
from club.ratings import rules, store
from club.roster.store import is_host
from contracts.clubs import ClubRules, RatingVisibility
from contracts.ids import ClubId, UserId


@dataclass(frozen=True)
class Sight:
    """`viewer` is None for whoever is no member; `hosts` are also bots and admins, whom nothing is hidden from."""

    viewer: UserId | None
    hosts: bool
    visibility: RatingVisibility
    now: datetime
    signed_in: bool = False

    @property
    def reader(self) -> Reader:
        return Reader(self.viewer, self.signed_in, self.hosts)

    def hides(self, week: Week, *, rated: bool) -> bool:
        """Whether the ratings of others in the week are hidden; `rated`: whether the viewer's own stands among them."""
        closed = phase_at(week.phase, week.deadlines, self.now) == "closed"
        return rules.hides(self.visibility, closed=closed, rated=rated, hosts=self.hosts)

    def reads_review(self, rating: Rating) -> bool:
        return rules.reads_review(rating.user_id, rating.review_hidden_at, self.viewer, hosts=self.hosts)

    def reads_history(self, rating: Rating) -> bool:
        return self.hosts or rating.user_id == self.viewer


_RULES_NOW = select(Club.rules, func.clock_timestamp()).where(Club.id == bindparam("club_id"))


async def sight_of(tx: AsyncSession, club_id: ClubId, caller: Caller) -> Sight:
    club_rules, moment = (await tx.execute(_RULES_NOW, {"club_id": club_id})).one()
    return Sight(
        viewer=caller.user_id,
        hosts=await is_host(tx, club_id, caller),
        visibility=ClubRules.model_validate(club_rules).rating_visibility,
        now=moment,
        signed_in=caller.kind != "anonymous",
    )


async def hidden(tx: AsyncSession, week: Week, sight: Sight) -> bool:
    """Whether the ratings of others in the week are hidden from them."""
    if not sight.hides(week, rated=False):
        return False
    rated = sight.viewer is not None and await store.find(tx, week, sight.viewer) is not None
    return sight.hides(week, rated=rated)


async def seen_rating(tx: AsyncSession, week: Week, user: str, caller: Caller, sight: Sight) -> Rating:
    """The rating that an address means, for whoever may see it."""
    given = named(user)
    member = await members.find(tx, given or meant(caller, None))
    rules.check_sees(
        own=member is not None and caller.is_user(member.id),
        by_discord_id=given is not None and given.discord_id is not None,
        sees_discord_ids=caller.sees_discord_ids or sight.hosts,
        hidden=await hidden(tx, week, sight),
    )
    # Also where there is no rating: whether somebody rated is theirs, too.
    if member and not sight.reader.sees_ratings_of(member.id, member.privacy):
        raise RatingsPrivate
    rating = await store.find(tx, week, member.id) if member else None
    if rating is None:
        raise rules.NoRating
    return rating


async def withdrawer(tx: AsyncSession, week: Week, user: str, caller: Caller) -> UserId:
    """Whose rating an address means, for whoever may withdraw it; what cannot be read cannot be taken back either."""
    caller = await members.speaking(tx, caller)
    member: Member | None = await members.find(tx, named(user) or meant(caller, None))
    hosts = await is_host(tx, week.club_id, caller)
    rules.check_may_withdraw(caller, member.id if member else None, hosts=hosts)
    if member is None or await store.find(tx, week, member.id) is None:
        raise rules.NoRating
    return member.id
