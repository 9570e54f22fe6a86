"""Who ever took part in a club, which PostgreSQL keeps as members nominate, vote and rate."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from sqlalchemy import delete, select, text

from club.models import DEFAULT_CLUB, Participant

PATH = Path(__file__).parents[2] / "migrations" / "versions" / "0010_counts.py"


async def test_who_nominated_voted_or_rated_takes_part_from_then_on_and_who_did_before_does_too(
    stage, ask, booth, club_of
):
    ida, ben, cleo = booth.people
    (dora,) = await club_of("Dora")
    await booth.cast(ida, booth.nominations[0])
    await booth.close()
    rated = await ask("POST", f"{booth.week}/ratings", {"user": {"user_id": str(ben.user_id)}, "rating": 4})
    assert rated.status_code == 201
    spec = spec_from_file_location("counts", PATH)
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    everyone = select(Participant.user_id).where(Participant.club_id == DEFAULT_CLUB)
    async with stage.db.transaction() as tx:
        took_part = set(await tx.scalars(everyone))
        await tx.execute(delete(Participant))
        await tx.execute(text(migration.TOOK_PART))
        assert set(await tx.scalars(everyone)) == took_part
    assert {ida.user_id, ben.user_id} < took_part
    assert took_part.isdisjoint({cleo.user_id, dora.user_id})
