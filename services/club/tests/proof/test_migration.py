"""Weeks from before there was a chain."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, insert

from club.models import Ballot, BallotLink, BallotSecret, Poll, Vote
from club.proof.verification import faults
from contracts.results import Result

PATH = Path(__file__).parents[2] / "migrations" / "versions" / "0003_sealed_ballots_and_results.py"


@pytest.fixture
def seal():
    spec = spec_from_file_location("sealed_ballots", PATH)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(session, week_id):
        with Operations.context(MigrationContext.configure(session.connection())):
            module.seal(week_id, *(table.__table__ for table in (Poll, BallotSecret, BallotLink)))

    return run


async def test_ballots_cast_before_there_was_a_chain_are_sealed_as_they_stand(stage, booth, seal):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    week_id = UUID(booth.week.rpartition("/")[2])
    async with stage.db.transaction() as tx:
        await tx.execute(delete(Poll))
        for person, *chosen in ((ida, blue, hejira), (ben, hejira)):
            whose = {"week_id": week_id, "user_id": person.user_id}
            await tx.execute(insert(Ballot).values(**whose, version=1))
            for rank, each in enumerate(chosen, start=1):
                await tx.execute(insert(Vote).values(**whose, rank=rank, nomination_id=each))
    async with stage.db.transaction() as tx:
        await tx.run_sync(lambda session: seal(session, week_id))
    assert (await booth.cast(ida, hejira, blue)).json()["number"] == 3
    await booth.close()
    told = await booth.result()
    assert (told["ballots"], told["number"]) == (2, 3)
    assert faults(Result.model_validate(told)) == []
