"""Ratings with a history, a diary, a way back, and a time from which they are seen; reviews that can be hidden."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0006"
down_revision = "club_0005"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
ADDED = ("ref", "withdrawn_at", "review_hidden_at", "review_hidden_reason")
# What each rating is now is the first state that is remembered of it.
AS_THEY_ARE = """
INSERT INTO rating_states (rating_id, version, album_id, half_steps, favorite_track, review, late, withdrawn, at)
SELECT id, version, album_id, half_steps, favorite_track, review, late, false, updated_at FROM ratings
"""


def upgrade() -> None:
    op.add_column("ratings", sa.Column("ref", JSONB()))
    op.add_column("ratings", sa.Column("withdrawn_at", MOMENT))
    op.add_column("ratings", sa.Column("review_hidden_at", MOMENT))
    op.add_column("ratings", sa.Column("review_hidden_reason", sa.String()))
    unseen = sa.text("visible_from IS NULL AND withdrawn_at IS NULL")
    op.create_index("ix_ratings_unseen", "ratings", ["week_id"], postgresql_where=unseen)
    op.create_index("ix_ratings_ref", "ratings", ["ref"], postgresql_using="gin")
    op.create_index(
        "ix_ratings_week_id_album_id",
        "ratings",
        ["week_id", "album_id"],
        postgresql_include=["half_steps", "user_id"],
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    _states()
    _diary()


def _states() -> None:
    op.create_table(
        "rating_states",
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("half_steps", sa.SmallInteger(), nullable=False),
        sa.Column("favorite_track", sa.String()),
        sa.Column("review", sa.String()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("ref", JSONB()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["rating_id"], ["ratings.id"], name="fk_rating_states_rating_id"),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_rating_states_album_id"),
        sa.PrimaryKeyConstraint("rating_id", "version", name="pk_rating_states"),
    )
    op.execute(AS_THEY_ARE)
    # What was said stays said: the role that serves adds to the history and cannot rewrite it.
    op.execute("REVOKE UPDATE, DELETE ON rating_states FROM club")


def _diary() -> None:
    op.create_table(
        "diary_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("half_steps", sa.SmallInteger(), nullable=False),
        sa.Column("favorite_track", sa.String()),
        sa.Column("review", sa.String()),
        sa.Column("at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("half_steps BETWEEN 2 AND 10", name="ck_diary_entries_half_steps"),
        sa.ForeignKeyConstraint(["rating_id"], ["ratings.id"], name="fk_diary_entries_rating_id"),
        sa.PrimaryKeyConstraint("id", name="pk_diary_entries"),
    )
    op.create_index("ix_diary_entries_rating_id_at", "diary_entries", ["rating_id", "at"])


def downgrade() -> None:
    # The release before knows neither, and would show both.
    op.execute("UPDATE ratings SET review = NULL WHERE review_hidden_at IS NOT NULL")
    op.drop_index("ix_diary_entries_rating_id_at", table_name="diary_entries")
    op.drop_table("diary_entries")
    op.drop_table("rating_states")
    op.execute("DELETE FROM ratings WHERE withdrawn_at IS NOT NULL")
    for name in ("ix_ratings_week_id_album_id", "ix_ratings_ref", "ix_ratings_unseen"):
        op.drop_index(name, table_name="ratings")
    for name in ADDED:
        op.drop_column("ratings", name)
