"""Linked accounts with their state, and sign-ins that were begun on a provider's page."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("clock_timestamp()")
ADDED = (
    "lease",
    "leased_until",
    "cooldown_until",
    "last_sync_at",
    "access_expires_at",
    "authorized_at",
    "linked_at",
    "scopes",
    "status",
    "version",
    "id",
)


def upgrade() -> None:
    # With defaults, for the release before, which goes on writing rows without these.
    op.add_column(
        "linked_accounts", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.create_unique_constraint("uq_linked_accounts_id", "linked_accounts", ["id"])
    op.add_column("linked_accounts", sa.Column("version", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE linked_accounts SET version = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
    op.add_column("linked_accounts", sa.Column("status", sa.String(), server_default="ok", nullable=False))
    op.create_check_constraint(
        op.f("ck_linked_accounts_status"),
        "linked_accounts",
        "status IN ('ok', 'expiring', 'needs_relink', 'unlinked')",
    )
    op.create_check_constraint(
        op.f("ck_linked_accounts_wiped"), "linked_accounts", "status <> 'unlinked' OR encrypted_tokens IS NULL"
    )
    op.add_column("linked_accounts", sa.Column("scopes", sa.ARRAY(sa.String()), server_default="{}", nullable=False))
    op.add_column("linked_accounts", sa.Column("linked_at", MOMENT, server_default=NOW, nullable=False))
    op.execute("UPDATE linked_accounts SET linked_at = created_at")
    for name in ("authorized_at", "access_expires_at", "last_sync_at", "leased_until", "cooldown_until"):
        op.add_column("linked_accounts", sa.Column(name, MOMENT))
    op.add_column("linked_accounts", sa.Column("lease", sa.Uuid()))
    op.create_table(
        "oauth_states",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_verifier", sa.String(), nullable=False),
        sa.Column("next", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_oauth_states"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_oauth_states_user_id"),
        sa.CheckConstraint(
            "provider IN ('discord', 'spotify', 'lastfm', 'listenbrainz')", name=op.f("ck_oauth_states_provider")
        ),
        sa.CheckConstraint("purpose IN ('sign_in', 'link')", name=op.f("ck_oauth_states_purpose")),
        sa.CheckConstraint("(purpose = 'link') = (user_id IS NOT NULL)", name=op.f("ck_oauth_states_user")),
    )
    op.create_index("ix_oauth_states_expires_at", "oauth_states", ["expires_at"])


def downgrade() -> None:
    op.drop_table("oauth_states")
    op.drop_constraint(op.f("ck_linked_accounts_wiped"), "linked_accounts")
    op.drop_constraint(op.f("ck_linked_accounts_status"), "linked_accounts")
    op.drop_constraint("uq_linked_accounts_id", "linked_accounts")
    for name in ADDED:
        op.drop_column("linked_accounts", name)
