"""The table behind the local transport."""

import sqlalchemy as sa
from alembic import op

revision = "bus_0001"
down_revision = None
branch_labels = ("bus",)
depends_on = None

NOW = sa.text("now()")
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("row", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("handler", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("dataschema", sa.String(), nullable=False),
        sa.Column("time", MOMENT, nullable=False),
        sa.Column("correlationid", sa.String()),
        sa.Column("causationid", sa.String()),
        sa.Column("traceparent", sa.String()),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", MOMENT, server_default=NOW, nullable=False),
        sa.Column("token", sa.Uuid()),
        sa.Column("error", sa.String()),
        sa.Column("dead", MOMENT),
        sa.PrimaryKeyConstraint("row", name="pk_delivery"),
        schema="bus",
    )
    living, dead = sa.text("dead IS NULL"), sa.text("dead IS NOT NULL")
    op.create_index("ix_delivery_handler_due", "delivery", ["handler", "due"], postgresql_where=living, schema="bus")
    op.create_index("ix_delivery_dead", "delivery", ["handler", "dead"], postgresql_where=dead, schema="bus")


def downgrade() -> None:
    op.drop_table("delivery", schema="bus")
