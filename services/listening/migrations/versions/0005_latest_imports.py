"""How far clients have brought somebody's listens from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "listening_0005"
down_revision = "listening_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "latest_imports",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("ts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "service", name="pk_latest_imports"),
    )


def downgrade() -> None:
    op.drop_table("latest_imports")
