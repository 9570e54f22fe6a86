"""Clubs with their weeks, rosters and nominations, and how alike their members are."""

import sqlalchemy as sa
from alembic import op

revision = "taste_0007"
down_revision = "taste_0006"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "clubs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("roster_version", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_clubs"),
    )
    op.create_index("ix_clubs_slug", "clubs", ["slug"])
    op.create_table(
        "roster",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("club_id", "user_id", name="pk_roster"),
    )
    op.create_index("ix_roster_user_id", "roster", ["user_id"])
    op.create_table(
        "weeks",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("album_id", sa.Uuid()),
        sa.Column("nomination_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("week_id", name="pk_weeks"),
    )
    op.create_index("ix_weeks_club_id", "weeks", ["club_id"])
    op.create_table(
        "nominations",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("nomination_id", name="pk_nominations"),
    )
    op.create_index("ix_nominations_week_id", "nominations", ["week_id"])
    op.create_table(
        "nominators",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("nomination_id", "user_id", name="pk_nominators"),
    )
    op.create_index("ix_nominators_user_id", "nominators", ["user_id"])
    op.add_column("users", sa.Column("seat", sa.Integer(), sa.Identity(), nullable=False))
    op.create_unique_constraint("uq_users_seat", "users", ["seat"])
    op.create_table(
        "matches",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seats", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("scores", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("confidences", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("computed_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_matches"),
    )
    op.create_table(
        "unmatched",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_unmatched"),
    )
    op.create_index("ix_unmatched_since", "unmatched", ["since"])
    op.execute("INSERT INTO unmatched (user_id) SELECT user_id FROM profiles")


def downgrade() -> None:
    op.drop_table("unmatched")
    op.drop_table("matches")
    op.drop_constraint("uq_users_seat", "users")
    op.drop_column("users", "seat")
    for table in ("nominators", "nominations", "weeks", "roster", "clubs"):
        op.drop_table(table)
