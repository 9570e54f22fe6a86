"""Profiles that workers outside draw, and who listens to which artist."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "taste_0006"
down_revision = "taste_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("formula_version", sa.Integer(), nullable=False),
        sa.Column("inputs_hash", sa.String(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("computed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "origin", name="pk_outside_profiles"),
    )
    op.create_table(
        "artist_listeners",
        sa.Column("artist_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("artist_id", "user_id", name="pk_artist_listeners"),
    )
    op.create_index("ix_artist_listeners_user_id", "artist_listeners", ["user_id"])
    op.add_column("profiles", sa.Column("artist_count", sa.Integer(), server_default="0", nullable=False))
    # Of the profiles that there are.
    op.execute("UPDATE profiles SET artist_count = jsonb_array_length(document -> 'top_artists')")
    op.execute("""
        INSERT INTO artist_listeners (artist_id, user_id)
        SELECT (artist ->> 'id')::uuid, user_id FROM profiles, jsonb_array_elements(document -> 'top_artists') AS artist
    """)


def downgrade() -> None:
    op.drop_column("profiles", "artist_count")
    op.drop_table("artist_listeners")
    op.drop_table("outside_profiles")
