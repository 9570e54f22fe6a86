"""Overrides beside results, ballots that are announced secretly first, and results without copies of their ballots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0007"
down_revision = "club_0006"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid()),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_overrides_week_id"),
        sa.ForeignKeyConstraint(["nomination_id"], ["nominations.id"], name="fk_overrides_nomination_id"),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_overrides_album_id"),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_week_id", "overrides", ["week_id"])
    op.execute("REVOKE UPDATE, DELETE ON overrides FROM club")
    op.add_column("ballots", sa.Column("revealed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_ballots_week_id", "ballots", ["week_id"], postgresql_where=sa.text("NOT revealed"))
    # No release has it: results open their ballots from the chain.
    op.drop_column("results", "leaves")


def downgrade() -> None:
    op.add_column("results", sa.Column("leaves", JSONB(), server_default="[]", nullable=False))
    op.alter_column("results", "leaves", server_default=None)
    op.drop_index("ix_ballots_week_id", table_name="ballots")
    op.drop_column("ballots", "revealed")
    op.drop_index("ix_overrides_week_id", table_name="overrides")
    op.drop_table("overrides")
