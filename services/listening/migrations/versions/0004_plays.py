"""Sightings, plays and the sums of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "listening_0004"
down_revision = "listening_0003"
branch_labels = None
depends_on = None

FIRST_YEAR, LAST_YEAR = 2002, 2040
NOW = sa.text("now()")
TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    _grow_users()
    _make_names()
    _make_sightings()
    _make_plays()
    _make_sums()


def _grow_users() -> None:
    op.add_column("users", sa.Column("avatar_url", sa.String()))
    op.add_column("users", sa.Column("discord_id", sa.String()))
    op.add_column("users", sa.Column("timezone", sa.String()))
    op.add_column("users", sa.Column("privacy", postgresql.JSONB(), server_default="{}", nullable=False))
    op.create_index("ix_users_handle", "users", ["handle"])
    op.create_index("ix_users_discord_id", "users", ["discord_id"])


def _make_names() -> None:
    op.create_table(
        "mappings",
        sa.Column("messy_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid()),
        sa.Column("artist_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("applied", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("messy_id", name="pk_mappings"),
    )
    op.create_index("ix_mappings_waiting", "mappings", ["messy_id"], postgresql_where=sa.text("NOT applied"))
    op.create_table(
        "messy_tracks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("album", sa.String()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("artist_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name="pk_messy_tracks"),
    )
    op.create_index("ix_messy_tracks_track_id", "messy_tracks", ["track_id"])
    op.create_table(
        "piece_names",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("artist", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_piece_names"),
    )


def _make_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("listened_at", TIME, nullable=False),
        sa.Column("messy_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger()),
        sa.Column("length_ms", sa.BigInteger()),
        sa.Column("client", sa.String()),
        sa.Column("raw", postgresql.JSONB()),
        sa.Column("received_at", TIME, server_default=NOW, nullable=False),
        sa.Column("play_id", sa.Uuid()),
        sa.Column("link", postgresql.JSONB()),
        sa.Column("corrected_id", sa.Uuid()),
        sa.Column("hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "listened_at", "messy_id", "source", name="pk_sightings"),
        postgresql_partition_by="RANGE (listened_at)",
    )
    op.create_index("ix_sightings_raw", "sightings", ["received_at"], postgresql_where=sa.text("raw IS NOT NULL"))
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        bounds = f"FROM ('{year}-01-01T00:00:00Z') TO ('{year + 1}-01-01T00:00:00Z')"
        op.execute(f"CREATE TABLE sightings_{year} PARTITION OF sightings FOR VALUES {bounds}")
    op.execute("CREATE TABLE sightings_default PARTITION OF sightings DEFAULT")


def _make_plays() -> None:
    op.create_table(
        "user_sources",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", TIME, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "source", name="pk_user_sources"),
    )
    op.create_table(
        "plays",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("messy_id", sa.Uuid(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("sightings", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_plays"),
    )
    op.create_table(
        "decisions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "first", "second", name="pk_decisions"),
    )
    op.create_index("ix_decisions_user_id_second", "decisions", ["user_id", "second"])
    op.create_table(
        "now_playing",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("messy_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("client", sa.String()),
        sa.Column("said", postgresql.JSONB()),
        sa.Column("started_at", TIME, server_default=NOW, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_now_playing"),
        sa.ForeignKeyConstraint(["messy_id"], ["messy_tracks.id"], name="fk_now_playing_messy_id"),
    )
    op.create_table(
        "quarantined",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.Column("received_at", TIME, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantined"),
        sa.UniqueConstraint("digest", name="uq_quarantined_digest"),
    )
    op.create_index("ix_quarantined_user_id_id", "quarantined", ["user_id", "id"])


def _make_sums() -> None:
    op.create_table(
        "days",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *_counted(),
        sa.Column("left_out", sa.String()),
        sa.Column("told", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_days"),
        sa.UniqueConstraint("id", name="uq_days_id"),
    )
    op.create_index("ix_days_untold", "days", ["user_id", "day"], postgresql_where=sa.text("NOT told"))
    op.create_table(
        "hours",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("user_id", "day", "hour", name="pk_hours"),
    )
    op.create_table(
        "day_tracks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("messy_id", sa.Uuid(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("user_id", "day", "messy_id", name="pk_day_tracks"),
    )
    op.create_index("ix_day_tracks_messy_id_user_id", "day_tracks", ["messy_id", "user_id"])
    op.create_table(
        "month_items",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("user_id", "month", "kind", "item_id", name="pk_month_items"),
    )
    op.create_table(
        "user_items",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("user_id", "kind", "item_id", name="pk_user_items"),
    )


def _counted() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("plays", sa.Integer(), nullable=False), sa.Column("ms", sa.BigInteger(), nullable=False)


def downgrade() -> None:
    for table in ("user_items", "month_items", "day_tracks", "hours", "days", "quarantined", "now_playing"):
        op.drop_table(table)
    for table in ("decisions", "plays", "user_sources", "sightings", "piece_names", "messy_tracks", "mappings"):
        op.drop_table(table)
    for index in ("ix_users_discord_id", "ix_users_handle"):
        op.drop_index(index)
    for column in ("privacy", "timezone", "discord_id", "avatar_url"):
        op.drop_column("users", column)
