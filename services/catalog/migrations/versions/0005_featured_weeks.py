"""Which weeks albums won."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0005"
down_revision = "catalog_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "featured_weeks",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("album_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("week_id", name="pk_featured_weeks"),
    )
    op.create_index("ix_featured_weeks_album_id", "featured_weeks", ["album_id"])


def downgrade() -> None:
    op.drop_table("featured_weeks")
