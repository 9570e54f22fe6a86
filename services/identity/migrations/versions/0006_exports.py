"""Exports that people asked for of themselves, and what services have told for them."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0006"
down_revision = "identity_0005"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_exports_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
        sa.UniqueConstraint("user_id", name="uq_exports_user_id"),
    )
    op.create_index("ix_exports_requested_at", "exports", ["requested_at"])
    op.create_table(
        "export_parts",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="fk_export_parts_export_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("export_id", "service", "number", name="pk_export_parts"),
    )


def downgrade() -> None:
    op.drop_table("export_parts")
    op.drop_table("exports")
