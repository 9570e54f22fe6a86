"""Ballots sealed in a chain, and results. Ballots cast before are sealed as they stand, in the order they were cast."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0003"
down_revision = "club_0002"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CAST = """
SELECT b.user_id, b.cast_at, f.nomination_id AS first, s.nomination_id AS second FROM ballots b
LEFT JOIN votes f ON (f.week_id, f.user_id, f.rank) = (b.week_id, b.user_id, 1)
LEFT JOIN votes s ON (s.week_id, s.user_id, s.rank) = (b.week_id, b.user_id, 2)
WHERE b.week_id = :week ORDER BY b.cast_at, b.id
"""


def upgrade() -> None:
    polls = op.create_table(
        "polls",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_polls_week_id"),
        sa.PrimaryKeyConstraint("week_id", name="pk_polls"),
    )
    ballot_secrets = op.create_table(
        "ballot_secrets",
        sa.Column("ballot_ref", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("salt_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_ballot_secrets_week_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_ballot_secrets_user_id"),
        sa.PrimaryKeyConstraint("ballot_ref", name="pk_ballot_secrets"),
    )
    op.create_index("ix_ballot_secrets_week_id_user_id", "ballot_secrets", ["week_id", "user_id"])
    op.create_index("ix_ballot_secrets_user_id", "ballot_secrets", ["user_id"])
    ballot_links = op.create_table(
        "ballot_links",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ballot_ref", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Uuid()),
        sa.Column("second", sa.Uuid()),
        sa.Column("cast_at", MOMENT, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_ballot_links_week_id"),
        sa.ForeignKeyConstraint(["ballot_ref"], ["ballot_secrets.ballot_ref"], name="fk_ballot_links_ballot_ref"),
        sa.ForeignKeyConstraint(["first"], ["nominations.id"], name="fk_ballot_links_first"),
        sa.ForeignKeyConstraint(["second"], ["nominations.id"], name="fk_ballot_links_second"),
        sa.PrimaryKeyConstraint("week_id", "number", name="pk_ballot_links"),
    )
    op.create_index("ix_ballot_links_ballot_ref_number", "ballot_links", ["ballot_ref", "number"])
    _results()
    # What was said stays said: the role that serves adds to the history and cannot rewrite it.
    op.execute("REVOKE UPDATE, DELETE ON ballot_links, results FROM club")
    op.execute("GRANT UPDATE (version) ON results TO club")
    for (week,) in op.get_bind().execute(sa.text("SELECT id FROM weeks ORDER BY id")).all():
        seal(week, polls, ballot_secrets, ballot_links)


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("winner_nomination_id", sa.Uuid()),
        sa.Column("tie_policy", sa.String(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", JSONB(), nullable=False),
        sa.Column("leaves", JSONB(), nullable=False),
        sa.Column("computed_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_results_week_id"),
        sa.ForeignKeyConstraint(["winner_nomination_id"], ["nominations.id"], name="fk_results_winner_nomination_id"),
        sa.PrimaryKeyConstraint("id", name="pk_results"),
        sa.UniqueConstraint("week_id", name="uq_results_week_id"),
    )


def seal(week: UUID, polls: sa.Table, ballot_secrets: sa.Table, ballot_links: sa.Table) -> None:
    """As `club.proof.rules` had it when this was written; that a chain once made stays valid is what it is for."""
    seed = secrets.token_bytes(32)
    commitment = hashlib.sha256(seed).digest()
    op.bulk_insert(polls, [{"week_id": week, "seed": seed, "commitment": commitment}])
    hidden, links = [], []
    head = hashlib.sha256(b"\3" + week.bytes + commitment).digest()
    for number, ballot in enumerate(op.get_bind().execute(sa.text(CAST), {"week": week}).all(), start=1):
        whose = {"ballot_ref": uuid4(), "week_id": week, "user_id": ballot.user_id, "salt_key": secrets.token_bytes(32)}
        leaf = _leaf(whose, number, ballot)
        previous = head
        link = number.to_bytes(8) + whose["ballot_ref"].bytes + leaf
        head = hashlib.sha256(b"\2" + previous + link).digest()
        hidden.append(whose)
        said = {"first": ballot.first, "second": ballot.second, "cast_at": ballot.cast_at}
        sealed = {"leaf": leaf, "previous": previous, "head": head}
        links.append({"week_id": week, "number": number, "ballot_ref": whose["ballot_ref"], **said, **sealed})
    op.bulk_insert(ballot_secrets, hidden)
    op.bulk_insert(ballot_links, links)


def _leaf(whose: dict[str, Any], number: int, ballot: sa.Row[Any]) -> bytes:
    salt = hmac.digest(whose["salt_key"], number.to_bytes(8), hashlib.sha256)
    chosen: Sequence[UUID | None] = (ballot.first, ballot.second)
    choices = b"".join(each.bytes if each else bytes(16) for each in chosen)
    moment = (ballot.cast_at - EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(whose["ballot_ref"].bytes + salt + choices + moment.to_bytes(8, signed=True)).digest()


def downgrade() -> None:
    op.drop_table("results")
    op.drop_index("ix_ballot_links_ballot_ref_number", table_name="ballot_links")
    op.drop_table("ballot_links")
    for name in ("ix_ballot_secrets_user_id", "ix_ballot_secrets_week_id_user_id"):
        op.drop_index(name, table_name="ballot_secrets")
    op.drop_table("ballot_secrets")
    op.drop_table("polls")
