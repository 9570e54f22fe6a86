"""Keys that take each other's place; profiles, privacy, follows, blocks and activities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("replaced_by", sa.String()))
    op.create_foreign_key("fk_api_keys_replaced_by", "api_keys", "api_keys", ["replaced_by"], ["id"])
    for name in ("own_name", "own_avatar"):
        op.add_column("users", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("bio", sa.String()))
    op.add_column("users", sa.Column("timezone", sa.String()))
    op.add_column("users", sa.Column("privacy", JSONB(), server_default="{}", nullable=False))
    _make_follows()
    _make_activities()


def _make_follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("follower_id", sa.Uuid(), nullable=False),
        sa.Column("followed_id", sa.Uuid(), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint("follower_id", "followed_id", name="uq_follows_follower_id_followed_id"),
        sa.ForeignKeyConstraint(["follower_id"], ["users.id"], name="fk_follows_follower_id"),
        sa.ForeignKeyConstraint(["followed_id"], ["users.id"], name="fk_follows_followed_id"),
        sa.CheckConstraint("follower_id <> followed_id", name=op.f("ck_follows_another")),
    )
    for index, column in (("ix_follows_followers", "followed_id"), ("ix_follows_following", "follower_id")):
        op.create_index(index, "follows", [column, "since"], postgresql_where=sa.text("following"))
    op.create_table(
        "blocks",
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name="pk_blocks"),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"], name="fk_blocks_blocker_id"),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name="fk_blocks_blocked_id"),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_blocks_another")),
    )
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"])


def _make_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_from", MOMENT),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("week_id", sa.Uuid()),
        sa.Column("album_id", sa.Uuid()),
        sa.Column("half_steps", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("kind", "subject_id", "user_id", name="pk_activities"),
        sa.UniqueConstraint("id", name="uq_activities_id"),
    )
    op.create_index("ix_activities_at_id", "activities", ["at", "id"])
    op.create_index("ix_activities_user_id_at_id", "activities", ["user_id", "at", "id"])
    op.create_index("ix_activities_week_id", "activities", ["week_id"])
    op.create_table(
        "heard",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name="pk_heard"),
    )
    op.create_table(
        "weeks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_weeks"),
    )
    op.create_table(
        "participants",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("club_id", "user_id", name="pk_participants"),
    )
    op.create_index("ix_participants_user_id", "participants", ["user_id"])


def downgrade() -> None:
    for table in ("participants", "weeks", "heard", "activities"):
        op.drop_table(table)
    op.drop_table("blocks")
    op.drop_table("follows")
    for name in ("privacy", "timezone", "bio", "own_avatar", "own_name"):
        op.drop_column("users", name)
    op.drop_constraint("fk_api_keys_replaced_by", "api_keys")
    op.drop_column("api_keys", "replaced_by")
