"""Albums that turned out to be one."""

import sqlalchemy as sa
from alembic import op

revision = "club_0014"
down_revision = "club_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "album_aliases",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_album_aliases"),
    )
    op.create_index("ix_album_aliases_survivor_id", "album_aliases", ["survivor_id"])


def downgrade() -> None:
    op.drop_table("album_aliases")
