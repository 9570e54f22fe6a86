"""How names begin, in an index of its own: a search for a beginning reads no more than it tells."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0003"
down_revision = "catalog_0002"
branch_labels = None
depends_on = None

TABLES = ("artists", "albums", "tracks")


def upgrade() -> None:
    for table in TABLES:
        begins = sa.Computed('"left"((search)::text, 64)', persisted=True)
        op.add_column(table, sa.Column("start", sa.Text(collation="C"), begins, nullable=False))
        op.create_index(f"ix_{table}_start", table, ["start"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_start", table_name=table)
        op.drop_column(table, "start")
