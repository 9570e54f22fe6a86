"""Albums with their tracklists, and what the club does with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "listening_0008"
down_revision = "listening_0007"
branch_labels = None
depends_on = None

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_index("ix_messy_tracks_album_id", "messy_tracks", ["album_id"])
    op.create_table(
        "albums",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("tracks", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("genres", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_albums"),
    )
    op.create_table(
        "weeks",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("date_discussion", sa.Date()),
        sa.Column("album_id", sa.Uuid()),
        sa.Column("nomination_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("week_id", name="pk_weeks"),
    )
    op.create_table(
        "nominations",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("nomination_id", name="pk_nominations"),
    )
    op.create_table(
        "ratings",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("week_id", "user_id", name="pk_ratings"),
    )
    op.create_table(
        "completions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("completed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "album_id", name="pk_completions"),
    )


def downgrade() -> None:
    for table in ("completions", "ratings", "nominations", "weeks", "albums"):
        op.drop_table(table)
    op.drop_index("ix_messy_tracks_album_id")
