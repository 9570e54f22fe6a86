"""Clubs with their rules and rosters; weeks belong to one, and have phases with deadlines."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0002"
down_revision = "club_0001"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EPOCH = sa.text("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
MAIN = UUID("00000000-0000-7000-8000-000000000001")
PHASES = "phase IN ('open', 'draft', 'nominating', 'voting', 'discussing', 'rating', 'closed')"
ENDS = ("nominating_ends", "voting_ends", "discussing_ends", "rating_ends")
DUE_AT = """
CASE phase::text
WHEN 'nominating'::text THEN LEAST(nominating_ends, voting_ends, discussing_ends, rating_ends)
WHEN 'voting'::text THEN LEAST(voting_ends, discussing_ends, rating_ends)
WHEN 'discussing'::text THEN LEAST(discussing_ends, rating_ends)
WHEN 'rating'::text THEN rating_ends
ELSE NULL::timestamp with time zone
END
"""


def upgrade() -> None:
    clubs = op.create_table(
        "clubs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("guild_id", sa.String()),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("has_roster", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clubs"),
        sa.UniqueConstraint("slug", name="uq_clubs_slug"),
    )
    main = {"id": MAIN, "slug": "main", "name": "The club", "timezone": "UTC", "rules": {}}
    op.execute(clubs.insert().values(**main, has_roster=False, version=EPOCH))
    op.create_table(
        "roster",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('member', 'host')", name="ck_roster_role"),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name="fk_roster_club_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_roster_user_id"),
        sa.PrimaryKeyConstraint("club_id", "user_id", name="pk_roster"),
    )
    op.create_index("ix_roster_user_id", "roster", ["user_id"])
    _grow_weeks()
    op.add_column("ratings", sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("ratings", "late", server_default=None)


def _grow_weeks() -> None:
    for column in (
        sa.Column("club_id", sa.Uuid(), server_default=str(MAIN), nullable=False),
        sa.Column("kind", sa.String(), server_default="album", nullable=False),
        sa.Column("phase", sa.String(), server_default="open", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=EPOCH, nullable=False),
    ):
        op.add_column("weeks", column)
        # It was only for the weeks already there.
        op.alter_column("weeks", column.name, server_default=None)
    for name in ENDS:
        op.add_column("weeks", sa.Column(name, MOMENT))
    op.add_column("weeks", sa.Column("due_at", MOMENT, sa.Computed(DUE_AT, persisted=True)))
    op.create_index("ix_weeks_due_at", "weeks", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_foreign_key("fk_weeks_club_id", "weeks", "clubs", ["club_id"], ["id"])
    op.create_check_constraint("ck_weeks_kind", "weeks", "kind IN ('album', 'special', 'skipped')")
    op.create_check_constraint("ck_weeks_phase", "weeks", PHASES)
    op.drop_constraint("uq_weeks_number", "weeks")
    op.create_unique_constraint("uq_weeks_club_id_number", "weeks", ["club_id", "number"])


def downgrade() -> None:
    op.drop_column("ratings", "late")
    op.drop_constraint("uq_weeks_club_id_number", "weeks")
    op.create_unique_constraint("uq_weeks_number", "weeks", ["number"])
    op.drop_constraint("fk_weeks_club_id", "weeks")
    op.drop_index("ix_weeks_due_at", table_name="weeks")
    for name in ("due_at", *ENDS, "version", "phase", "kind", "club_id"):
        op.drop_column("weeks", name)
    op.drop_index("ix_roster_user_id", table_name="roster")
    op.drop_table("roster")
    op.drop_table("clubs")
