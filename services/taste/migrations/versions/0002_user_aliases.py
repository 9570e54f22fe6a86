"""People who turned out to be one."""

import sqlalchemy as sa
from alembic import op

revision = "taste_0002"
down_revision = "taste_0001"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    op.drop_table("user_aliases")
