"""The tables every service has: outbox, inbox, answers to repeats."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None

NOW = sa.text("now()")
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("row", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("dataschema", sa.String(), nullable=False),
        sa.Column("time", MOMENT, server_default=NOW, nullable=False),
        sa.Column("correlationid", sa.String()),
        sa.Column("causationid", sa.String()),
        sa.Column("traceparent", sa.String()),
        sa.Column("handler", sa.String()),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("due", MOMENT, server_default=NOW, nullable=False),
        sa.Column("token", sa.Uuid()),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parked", MOMENT),
        sa.PrimaryKeyConstraint("row", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due"])
    op.create_table(
        "inbox",
        sa.Column("handler", sa.String(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handled", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("handler", "event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_handled", "inbox", ["handled"])
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("principal", "path", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.execute("GRANT SELECT, UPDATE, DELETE ON outbox TO bus")


def downgrade() -> None:
    for table in ("idempotency", "inbox", "outbox"):
        op.drop_table(table)
