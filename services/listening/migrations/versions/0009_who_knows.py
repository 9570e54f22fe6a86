"""Who knows an album or an artist, and which artists turned out to be one."""

import sqlalchemy as sa
from alembic import op

revision = "listening_0009"
down_revision = "listening_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "artist_aliases",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_artist_aliases"),
    )
    op.create_index("ix_artist_aliases_survivor_id", "artist_aliases", ["survivor_id"])
    op.create_index("ix_messy_tracks_artist_id", "messy_tracks", ["artist_id"])
    op.create_index("ix_days_left_out", "days", ["user_id"], postgresql_where=sa.text("left_out IS NOT NULL"))
    # Albums and artists: most items are tracks, and nobody asks who knows one.
    op.create_index("ix_user_items_item_id", "user_items", ["item_id"], postgresql_where=sa.text("kind IN (1, 2)"))


def downgrade() -> None:
    for index in ("ix_user_items_item_id", "ix_days_left_out", "ix_messy_tracks_artist_id"):
        op.drop_index(index)
    op.drop_table("artist_aliases")
