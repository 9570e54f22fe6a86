"""Whether there is a cover in the archive; and a job for every album that was there before jobs were."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0004"
down_revision = "catalog_0003"
branch_labels = None
depends_on = None

# 40: as the queue has it for what was there.
JOBS = """
    INSERT INTO enrichment_jobs (id, kind, piece_id, priority)
    SELECT gen_random_uuid(), 'album', id, 40 FROM albums
    ON CONFLICT (kind, piece_id) DO NOTHING
"""


def upgrade() -> None:
    op.add_column("albums", sa.Column("front", sa.Boolean()))
    op.execute(JOBS)


def downgrade() -> None:
    op.drop_column("albums", "front")
