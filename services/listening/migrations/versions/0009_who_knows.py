"""Who knows an album or an artist, and which artists turned out to be one; what was heard whole, as a state."""

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
    _grow_completions()


def _grow_completions() -> None:
    op.add_column(
        "completions", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.create_unique_constraint("uq_completions_id", "completions", ["id"])
    op.add_column("completions", sa.Column("version", sa.BigInteger(), server_default="0", nullable=False))
    for name in ("in_order", "withdrawn", "doubted"):
        op.add_column("completions", sa.Column(name, sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    for name in ("doubted", "withdrawn", "in_order", "version", "id"):
        op.drop_column("completions", name)
    for index in ("ix_user_items_item_id", "ix_days_left_out", "ix_messy_tracks_artist_id"):
        op.drop_index(index)
    op.drop_table("artist_aliases")
