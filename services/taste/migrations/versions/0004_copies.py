"""Copies of people, albums and days of listening."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "taste_0004"
down_revision = "taste_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("handle", sa.String()),
        sa.Column("timezone", sa.String()),
        sa.Column("privacy", JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("ix_users_handle", "users", ["handle"])
    op.create_table(
        "albums",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("countries", ARRAY(sa.String()), nullable=False),
        sa.Column("genres", JSONB(), nullable=False),
        sa.Column("genre_parents", JSONB(), nullable=False),
        sa.Column("mood", JSONB()),
        sa.Column("features", JSONB()),
        sa.PrimaryKeyConstraint("id", name="pk_albums"),
    )
    op.create_table(
        "days",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("plays", JSONB(), nullable=False),
        sa.Column("album_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("hours", ARRAY(sa.Integer()), nullable=False),
        sa.Column("left_out", sa.String()),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_days"),
    )
    op.create_index("ix_days_album_ids", "days", ["album_ids"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("days")
    op.drop_table("albums")
    op.drop_table("users")
