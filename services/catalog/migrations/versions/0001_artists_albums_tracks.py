"""Artists, albums, tracks and their credits."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0001"
down_revision = None
branch_labels = ("catalog",)
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    _create_piece("artists", sa.Column("name", sa.String(), nullable=False))
    _create_piece(
        "albums",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("year", sa.SmallInteger()),
        sa.Column("cover_url", sa.String()),
    )
    _create_piece(
        "tracks",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=False),
        sa.Column("album_id", sa.Uuid(), sa.ForeignKey("albums.id", name="fk_tracks_album_id")),
        sa.Column("position", sa.SmallInteger()),
        sa.Column("duration_ms", sa.Integer()),
    )
    op.create_index("ix_tracks_album_id", "tracks", ["album_id"])
    _create_credits("album")
    _create_credits("track")


def _create_piece(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("mbid", sa.Uuid()),
        sa.Column("spotify_id", sa.String()),
        sa.Column("match_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        *columns,
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("mbid", name=f"uq_{name}_mbid"),
        sa.UniqueConstraint("spotify_id", name=f"uq_{name}_spotify_id"),
    )
    op.create_index(f"ix_{name}_match_key", name, ["match_key"], postgresql_using="hash")
    trigrams = {"search": "gin_trgm_ops"}
    op.create_index(f"ix_{name}_search", name, ["search"], postgresql_using="gin", postgresql_ops=trigrams)


def _create_credits(of: str) -> None:
    table, piece = f"{of}_artists", f"{of}_id"
    op.create_table(
        table,
        sa.Column(piece, sa.Uuid(), sa.ForeignKey(f"{of}s.id", name=f"fk_{table}_{piece}"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("artist_id", sa.Uuid(), sa.ForeignKey("artists.id", name=f"fk_{table}_artist_id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(piece, "position", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_artist_id", table, ["artist_id"])


def downgrade() -> None:
    for name in ("track_artists", "album_artists", "tracks", "albums", "artists"):
        op.drop_table(name)
