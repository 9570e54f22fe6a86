"""How the fetching from linked accounts is, as listening reports it."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0008"
down_revision = "identity_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("linked_accounts", sa.Column("sync_error", sa.String()))
    op.add_column("linked_accounts", sa.Column("sync_version", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("linked_accounts", "sync_version")
    op.drop_column("linked_accounts", "sync_error")
