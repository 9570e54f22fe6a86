"""People who turned out to be one; votes follow the ballot they are of."""

import sqlalchemy as sa
from alembic import op

revision = "club_0012"
down_revision = "club_0011"
branch_labels = None
depends_on = None

VOTES = "fk_votes_week_id_user_id"


def upgrade() -> None:
    op.create_table(
        "user_aliases",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_user_aliases"),
    )
    op.create_index("ix_user_aliases_survivor_id", "user_aliases", ["survivor_id"])
    _refer(onupdate="CASCADE")


def _refer(onupdate: str | None) -> None:
    pair = ["week_id", "user_id"]
    op.drop_constraint(VOTES, "votes", type_="foreignkey")
    op.create_foreign_key(VOTES, "votes", "ballots", pair, pair, onupdate=onupdate)


def downgrade() -> None:
    _refer(onupdate=None)
    op.drop_table("user_aliases")
