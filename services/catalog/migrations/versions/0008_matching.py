"""By which version of the matching names are kept: what is behind can be found."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0008"
down_revision = "catalog_0007"
branch_labels = None
depends_on = None

TABLES = ("artists", "albums", "tracks", "piece_aliases")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("matching", sa.SmallInteger(), server_default="1", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "matching")
