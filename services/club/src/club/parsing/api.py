"""Reading the forms that members type; nothing is kept."""

from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.parsing.nominations import parse_nomination
from club.parsing.ratings import parse_rating
from contracts.parsing import ParsedNomination, ParsedRating, TypedNomination, TypedRating

router = chassis_router(prefix="/parse", tags=["parsing"])


@router.post("/nomination")
async def read_nomination(typed: TypedNomination, _: SignedCaller) -> ParsedNomination:
    """What a typed nomination says, how sure that is, and what of it was not understood. Nothing is written."""
    return parse_nomination(typed.text)


@router.post("/rating")
async def read_rating(typed: TypedRating, _: SignedCaller) -> ParsedRating:
    """What a typed rating says, how sure that is, and what of it was not understood. Nothing is written."""
    return parse_rating(typed.text)
