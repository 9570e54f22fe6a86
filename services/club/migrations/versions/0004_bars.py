"""Who is barred from what in a club."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "club_0004"
down_revision = "club_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bars",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("acts", ARRAY(sa.String()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name="fk_bars_club_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_bars_user_id"),
        sa.PrimaryKeyConstraint("club_id", "user_id", name="pk_bars"),
    )
    op.create_index("ix_bars_user_id", "bars", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_bars_user_id", table_name="bars")
    op.drop_table("bars")
