"""Copies of votes and ratings."""

import sqlalchemy as sa
from alembic import op

revision = "taste_0001"
down_revision = None
branch_labels = ("taste",)
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "votes",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Uuid()),
        sa.Column("first_album_id", sa.Uuid()),
        sa.Column("second", sa.Uuid()),
        sa.Column("second_album_id", sa.Uuid()),
        sa.Column("cast_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("week_id", "user_id", name="pk_votes"),
    )
    op.create_table(
        "ratings",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("half_steps", sa.SmallInteger(), nullable=False),
        sa.Column("visible_from", MOMENT),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("week_id", "user_id", name="pk_ratings"),
    )


def downgrade() -> None:
    op.drop_table("ratings")
    op.drop_table("votes")
