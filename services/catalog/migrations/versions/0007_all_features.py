"""The rest of what Spotify measures of a track."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0007"
down_revision = "catalog_0006"
branch_labels = None
depends_on = None

MEASURES = ("speechiness", "liveness", "loudness")
COUNTS = ("key", "mode", "time_signature")


def upgrade() -> None:
    for column in MEASURES:
        op.add_column("track_features", sa.Column(column, sa.Float()))
    for column in COUNTS:
        op.add_column("track_features", sa.Column(column, sa.SmallInteger()))


def downgrade() -> None:
    for column in (*MEASURES, *COUNTS):
        op.drop_column("track_features", column)
