"""Weeks, nominations, votes, ratings, and copies of people and albums."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0001"
down_revision = None
branch_labels = ("club",)
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "albums",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("artists", JSONB(), nullable=False),
        sa.Column("year", sa.SmallInteger()),
        sa.Column("mbid", sa.String()),
        sa.Column("spotify_id", sa.String()),
        sa.Column("cover_url", sa.String()),
        sa.Column("match_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_albums"),
    )
    op.create_index("ix_albums_match_key", "albums", ["match_key"], postgresql_using="hash")
    op.create_index("ix_albums_mbid", "albums", ["mbid"])
    op.create_index("ix_albums_spotify_id", "albums", ["spotify_id"])
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("handle", sa.String()),
        sa.Column("avatar_url", sa.String()),
        sa.Column("discord_id", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
    )
    op.create_index("ix_members_discord_id", "members", ["discord_id"])
    op.create_table(
        "weeks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String()),
        sa.Column("date_discussion", sa.Date()),
        sa.Column("winner_album_id", sa.Uuid()),
        sa.Column("winner_nomination_id", sa.Uuid()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["winner_album_id"], ["albums.id"], name="fk_weeks_winner_album_id"),
        sa.PrimaryKeyConstraint("id", name="pk_weeks"),
        sa.UniqueConstraint("number", name="uq_weeks_number"),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("cast_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_ballots_user_id"),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_ballots_week_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ballots"),
        sa.UniqueConstraint("week_id", "user_id", name="uq_ballots_week_id_user_id"),
    )
    op.create_index("ix_ballots_user_id", "ballots", ["user_id"])
    op.create_table(
        "nominations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("pitch", sa.String()),
        sa.Column("pitch_track_url", sa.String()),
        sa.Column("genre", sa.String()),
        sa.Column("decade", sa.String()),
        sa.Column("country", sa.String()),
        sa.Column("ref", JSONB()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_nominations_album_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_nominations_user_id"),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_nominations_week_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nominations"),
        sa.UniqueConstraint("week_id", "user_id", "album_id", name="uq_nominations_week_id_user_id_album_id"),
    )
    op.create_index("ix_nominations_album_id", "nominations", ["album_id"])
    op.create_index("ix_nominations_user_id", "nominations", ["user_id"])
    op.create_table(
        "ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("half_steps", sa.SmallInteger(), nullable=False),
        sa.Column("favorite_track", sa.String()),
        sa.Column("review", sa.String()),
        sa.Column("visible_from", MOMENT, server_default=NOW),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("half_steps BETWEEN 2 AND 10", name="ck_ratings_half_steps"),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_ratings_album_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_ratings_user_id"),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_ratings_week_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint("week_id", "user_id", name="uq_ratings_week_id_user_id"),
    )
    op.create_index("ix_ratings_album_id", "ratings", ["album_id"])
    op.create_index("ix_ratings_user_id", "ratings", ["user_id"])
    op.create_table(
        "refs",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("guild_id", sa.String()),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_refs_week_id"),
        sa.PrimaryKeyConstraint("week_id", "provider", "kind", "id", name="pk_refs"),
    )
    op.create_index("ix_refs_provider_kind_id", "refs", ["provider", "kind", "id"])
    op.create_table(
        "votes",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rank IN (1, 2)", name="ck_votes_rank"),
        sa.ForeignKeyConstraint(["nomination_id"], ["nominations.id"], name="fk_votes_nomination_id"),
        sa.ForeignKeyConstraint(
            ["week_id", "user_id"], ["ballots.week_id", "ballots.user_id"], name="fk_votes_week_id_user_id"
        ),
        sa.PrimaryKeyConstraint("week_id", "user_id", "rank", name="pk_votes"),
    )
    op.create_index("ix_votes_nomination_id", "votes", ["nomination_id"])
    op.create_foreign_key("fk_weeks_winner_nomination_id", "weeks", "nominations", ["winner_nomination_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_weeks_winner_nomination_id", "weeks")
    op.drop_index("ix_votes_nomination_id", table_name="votes")
    op.drop_table("votes")
    op.drop_index("ix_refs_provider_kind_id", table_name="refs")
    op.drop_table("refs")
    op.drop_index("ix_ratings_user_id", table_name="ratings")
    op.drop_index("ix_ratings_album_id", table_name="ratings")
    op.drop_table("ratings")
    op.drop_index("ix_nominations_user_id", table_name="nominations")
    op.drop_index("ix_nominations_album_id", table_name="nominations")
    op.drop_table("nominations")
    op.drop_index("ix_ballots_user_id", table_name="ballots")
    op.drop_table("ballots")
    op.drop_table("weeks")
    op.drop_index("ix_members_discord_id", table_name="members")
    op.drop_table("members")
    op.drop_index("ix_albums_spotify_id", table_name="albums")
    op.drop_index("ix_albums_mbid", table_name="albums")
    op.drop_index("ix_albums_match_key", table_name="albums")
    op.drop_table("albums")
