"""What is kept for ever is forgotten of who has left, and of nobody else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

GONE = "CAST(ARRAY[:ida] AS uuid[])"
FORGETTING = {
    "audit": f"SELECT forget_in_audit({GONE}, '{{}}', '{{}}', gen_random_uuid(), gen_random_uuid(), 1)",
    "states of ratings": f"SELECT forget_rating_states({GONE}, '{{}}')",
    "overrides": f"SELECT forget_in_overrides({GONE}, '{{}}', gen_random_uuid())",
}
CHANGING = ("UPDATE departures SET digest = ''", "DELETE FROM departures", "UPDATE audit SET reason = NULL")


@pytest.mark.parametrize("statement", FORGETTING.values(), ids=FORGETTING)
async def test_of_who_has_not_left_nothing_is_forgotten(season, everything, stage, statement):
    before = await everything()
    with pytest.raises(DBAPIError, match="Only of those who left is anything forgotten"):
        async with stage.db.transaction() as tx:
            await tx.execute(text(statement), {"ida": str(season.ida.user_id)})
    assert await everything() == before


@pytest.mark.parametrize("statement", CHANGING)
async def test_the_role_that_serves_takes_nothing_back(season, leave, stage, statement):
    await leave(season.ida)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with stage.db.transaction() as tx:
            await tx.execute(text(statement))


async def test_what_forgets_looks_nowhere_else_and_is_for_its_own_service_alone(stage):
    ours = (
        "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'club' AND prosecdef"
    )
    async with stage.db.transaction() as tx:
        names = {"forget_in_audit", "forget_rating_states", "forget_in_overrides"}
        assert set(await tx.scalars(text(ours))) == names
        pinned = f"{ours} AND 'search_path=club, pg_temp' = ANY(proconfig)"
        assert set(await tx.scalars(text(pinned))) == names
        others = f"{ours} AND has_function_privilege('taste', pg_proc.oid, 'EXECUTE')"
        assert set(await tx.scalars(text(others))) == set()
