"""What members show of themselves, and to whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0011"
down_revision = "club_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("privacy", JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("members", "privacy")
