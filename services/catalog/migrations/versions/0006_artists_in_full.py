"""What MusicBrainz says of artists; and a job for each that it knows."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0006"
down_revision = "catalog_0005"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
COLUMNS = ("kind", "begun", "ended")
# 50: as the queue has it for who is credited.
JOBS = """
    INSERT INTO enrichment_jobs (id, kind, piece_id, priority)
    SELECT gen_random_uuid(), 'artist', id, 50 FROM artists WHERE mbid IS NOT NULL
    ON CONFLICT (kind, piece_id) DO NOTHING
"""


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("artists", sa.Column(column, sa.String()))
    op.add_column("artists", sa.Column("enriched_at", MOMENT))
    op.execute(JOBS)


def downgrade() -> None:
    op.execute("DELETE FROM enrichment_jobs WHERE kind = 'artist'")
    for column in (*COLUMNS, "enriched_at"):
        op.drop_column("artists", column)
