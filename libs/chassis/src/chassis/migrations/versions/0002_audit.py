"""Who did what: rows that the role which serves can add and not rewrite."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None

# The role that serves is called as its schema. It may raise a version, which says nothing of what was done.
FOR_EVER = """
DO $$ BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON audit FROM %1$I; GRANT UPDATE (version) ON audit TO %1$I', current_schema());
END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("club_id", sa.Uuid()),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB()),
        sa.Column("reason", sa.String()),
        sa.Column("request_id", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject_id_id", "audit", ["subject_id", "id"])
    op.create_index("ix_audit_actor_id_id", "audit", ["actor_id", "id"])
    op.execute(FOR_EVER)


def downgrade() -> None:
    op.drop_index("ix_audit_actor_id_id", table_name="audit")
    op.drop_index("ix_audit_subject_id_id", table_name="audit")
    op.drop_table("audit")
