"""When weeks entered their phases; those that are there begin in the phase they are in."""

import sqlalchemy as sa
from alembic import op

revision = "club_0009"
down_revision = "club_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moves",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_moves_week_id"),
        sa.PrimaryKeyConstraint("week_id", "at", name="pk_moves"),
    )
    op.execute("INSERT INTO moves (week_id, at, phase) SELECT id, created_at, phase FROM weeks")
    op.execute("REVOKE UPDATE ON moves FROM club")


def downgrade() -> None:
    op.drop_table("moves")
