"""Profiles, and marks of those that are behind."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "taste_0005"
down_revision = "taste_0004"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("formula_version", sa.Integer(), nullable=False),
        sa.Column("inputs_hash", sa.String(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("computed_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_profiles"),
    )
    op.create_table(
        "stale_profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_stale_profiles"),
    )
    op.create_index("ix_stale_profiles_since", "stale_profiles", ["since"])
    op.create_table(
        "changed_albums",
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("album_id", name="pk_changed_albums"),
    )
    op.create_index("ix_ratings_user_id", "ratings", ["user_id"])
    op.create_index("ix_ratings_album_id", "ratings", ["album_id"])
    # Of what was told before there were profiles.
    op.execute("INSERT INTO stale_profiles (user_id) SELECT user_id FROM ratings UNION SELECT user_id FROM days")


def downgrade() -> None:
    op.drop_index("ix_ratings_album_id", "ratings")
    op.drop_index("ix_ratings_user_id", "ratings")
    op.drop_table("changed_albums")
    op.drop_table("stale_profiles")
    op.drop_table("profiles")
