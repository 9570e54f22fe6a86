"""The whole catalogue: editions, tracklists, ids elsewhere, other names, genres, merges, and what sources are asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "catalog_0002"
down_revision = "catalog_0001"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
KINDS = "kind IN ('artist', 'album', 'track')"
TABLES = (
    *("taggings", "piece_aliases", "external_ids", "merges", "artist_aliases", "album_aliases"),
    *("track_features", "messy_tracks", "placements", "editions", "source_slots", "cached_answers", "enrichment_jobs"),
)
KNOWN = """
    INSERT INTO external_ids (kind, source, value, piece_id)
    SELECT '{kind}', 'musicbrainz', mbid::text, id FROM {kind}s WHERE mbid IS NOT NULL
    UNION ALL SELECT '{kind}', 'spotify', spotify_id, id FROM {kind}s WHERE spotify_id IS NOT NULL
"""


def upgrade() -> None:
    _widen()
    _create_known_elsewhere()
    _create_merges()
    _create_tracklists()
    _create_enrichment()
    for kind in ("artist", "album", "track"):
        op.execute(KNOWN.format(kind=kind))


def _widen() -> None:
    op.add_column("album_artists", sa.Column("join_phrase", sa.String(), server_default="", nullable=False))
    op.add_column("albums", sa.Column("image_url", sa.String()))
    op.add_column("albums", sa.Column("kind", sa.String()))
    op.add_column(
        "albums", sa.Column("secondary_kinds", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("albums", sa.Column("first_release", sa.String()))
    op.add_column("albums", sa.Column("enriched_at", MOMENT))
    op.add_column("artists", sa.Column("sort_name", sa.String()))
    op.add_column("artists", sa.Column("country", sa.String()))
    op.add_column("artists", sa.Column("disambiguation", sa.String()))
    op.add_column("track_artists", sa.Column("join_phrase", sa.String(), server_default="", nullable=False))
    # So far nobody has written where a track stands.
    op.drop_index("ix_tracks_album_id", table_name="tracks")
    op.drop_constraint("fk_tracks_album_id", "tracks", type_="foreignkey")
    op.drop_column("tracks", "position")
    op.drop_column("tracks", "album_id")


def _create_known_elsewhere() -> None:
    op.create_table(
        "external_ids",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(KINDS, name="ck_external_ids_kind"),
        sa.PrimaryKeyConstraint("kind", "source", "value", "piece_id", name="pk_external_ids"),
    )
    op.create_index("ix_external_ids_piece_id", "external_ids", ["piece_id"])
    op.create_index(
        "uq_external_ids_one_piece",
        "external_ids",
        ["kind", "source", "value"],
        unique=True,
        postgresql_where=sa.text("source <> 'isrc'"),
    )
    op.create_table(
        "piece_aliases",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("match_key", sa.String(), nullable=False),
        sa.CheckConstraint(KINDS, name="ck_piece_aliases_kind"),
        sa.PrimaryKeyConstraint("kind", "piece_id", "name", name="pk_piece_aliases"),
    )
    op.create_index("ix_piece_aliases_match_key", "piece_aliases", ["match_key"], postgresql_using="hash")
    op.create_table(
        "taggings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("is_genre", sa.Boolean(), nullable=False),
        sa.CheckConstraint(KINDS, name="ck_taggings_kind"),
        sa.CheckConstraint("weight > 0 AND weight <= 1", name="ck_taggings_weight"),
        sa.PrimaryKeyConstraint("kind", "piece_id", "source", "name", name="pk_taggings"),
    )


def _create_merges() -> None:
    op.create_table(
        "album_aliases",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_album_aliases"),
    )
    op.create_index("ix_album_aliases_survivor_id", "album_aliases", ["survivor_id"])
    op.create_table(
        "artist_aliases",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_artist_aliases"),
    )
    op.create_index("ix_artist_aliases_survivor_id", "artist_aliases", ["survivor_id"])
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("merged_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.CheckConstraint("kind IN ('artist', 'album')", name="ck_merges_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    op.create_index("ix_merges_survivor_id", "merges", ["survivor_id"])
    op.create_index(
        "uq_merges_standing", "merges", ["old_id"], unique=True, postgresql_where=sa.text("undone_at IS NULL")
    )


def _create_tracklists() -> None:
    op.create_table(
        "editions",
        sa.Column("mbid", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("disambiguation", sa.String()),
        sa.Column("released", sa.String()),
        sa.Column("country", sa.String()),
        sa.Column("format", sa.String()),
        sa.Column("tracks", sa.SmallInteger(), nullable=False),
        sa.Column("representative", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_editions_album_id"),
        sa.PrimaryKeyConstraint("mbid", name="pk_editions"),
    )
    op.create_index("ix_editions_album_id", "editions", ["album_id"])
    op.create_table(
        "placements",
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("disc", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_placements_album_id"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_placements_track_id"),
        sa.PrimaryKeyConstraint("album_id", "disc", "position", name="pk_placements"),
    )
    op.create_index("ix_placements_track_id", "placements", ["track_id"])
    op.create_table(
        "messy_tracks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("album", sa.String()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid()),
        sa.Column("mapped_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_messy_tracks_album_id"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_messy_tracks_track_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messy_tracks"),
    )
    op.create_index("ix_messy_tracks_album_id", "messy_tracks", ["album_id"])
    op.create_index("ix_messy_tracks_track_id", "messy_tracks", ["track_id"])
    op.create_table(
        "track_features",
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("energy", sa.Float()),
        sa.Column("valence", sa.Float()),
        sa.Column("acousticness", sa.Float()),
        sa.Column("danceability", sa.Float()),
        sa.Column("instrumentalness", sa.Float()),
        sa.Column("tempo", sa.Float()),
        sa.Column("told_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_track_features_track_id"),
        sa.PrimaryKeyConstraint("track_id", "source", name="pk_track_features"),
    )


def _create_enrichment() -> None:
    op.create_table(
        "enrichment_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease", sa.Uuid()),
        sa.Column("leased_until", MOMENT),
        sa.Column("error", sa.String()),
        sa.Column("asked_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.CheckConstraint(KINDS, name="ck_enrichment_jobs_kind"),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name="ck_enrichment_jobs_state"),
        sa.PrimaryKeyConstraint("id", name="pk_enrichment_jobs"),
    )
    op.create_index(
        "ix_enrichment_jobs_next",
        "enrichment_jobs",
        ["priority", "due_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("uq_enrichment_jobs_piece", "enrichment_jobs", ["kind", "piece_id"], unique=True)
    op.create_table(
        "cached_answers",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("fetched_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("fresh_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_cached_answers"),
    )
    op.create_index("ix_cached_answers_fresh_until", "cached_answers", ["fresh_until"])
    op.create_table(
        "source_slots",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("next_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("closed_until", MOMENT),
        sa.PrimaryKeyConstraint("source", name="pk_source_slots"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for column in ("image_url", "kind", "secondary_kinds", "first_release", "enriched_at"):
        op.drop_column("albums", column)
    for column in ("sort_name", "country", "disambiguation"):
        op.drop_column("artists", column)
    for table in ("album_artists", "track_artists"):
        op.drop_column(table, "join_phrase")
    op.add_column("tracks", sa.Column("album_id", sa.Uuid(), sa.ForeignKey("albums.id", name="fk_tracks_album_id")))
    op.add_column("tracks", sa.Column("position", sa.SmallInteger()))
    op.create_index("ix_tracks_album_id", "tracks", ["album_id"])
