"""From whose account elsewhere what they listened to is fetched, and when whom may be asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "listening_0007"
down_revision = "listening_0006"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sync_tasks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("link_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("cursor", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("next_due", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease", sa.Uuid()),
        *(sa.Column(name, MOMENT) for name in ("leased_until", "last_sync_at", "newest_at", "asked_at", "told_at")),
        sa.Column("told_error", sa.Text()),
        sa.CheckConstraint("provider IN ('lastfm', 'listenbrainz', 'spotify')", name="ck_sync_tasks_provider"),
        sa.CheckConstraint("state IN ('on', 'stopped', 'unlinked')", name="ck_sync_tasks_state"),
        sa.PrimaryKeyConstraint("user_id", "provider", name="pk_sync_tasks"),
        sa.UniqueConstraint("id", name="uq_sync_tasks_id"),
    )
    on = sa.text("state = 'on'")
    op.create_index("ix_sync_tasks_next_due", "sync_tasks", ["next_due"], postgresql_where=on)
    op.create_table(
        "sync_turns",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("closed_until", MOMENT),
        sa.PrimaryKeyConstraint("provider", name="pk_sync_turns"),
    )


def downgrade() -> None:
    op.drop_table("sync_turns")
    op.drop_table("sync_tasks")
