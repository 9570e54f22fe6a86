"""People, linked accounts and API keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("handle", sa.String()),
        sa.Column("avatar_url", sa.String()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("handle", name="uq_users_handle"),
    )
    op.create_table(
        "linked_accounts",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("encrypted_tokens", sa.LargeBinary()),
        sa.Column("metadata", JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_id", name="pk_linked_accounts"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_linked_accounts_user_id"),
        sa.CheckConstraint(
            "provider IN ('discord', 'spotify', 'lastfm', 'listenbrainz')", name=op.f("ck_linked_accounts_provider")
        ),
    )
    op.create_index("ix_linked_accounts_user_id", "linked_accounts", ["user_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("bootstrap", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("last_used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_api_keys_owner_id"),
        sa.CheckConstraint("kind IN ('bot', 'worker', 'admin', 'user')", name=op.f("ck_api_keys_kind")),
        sa.CheckConstraint("(kind = 'user') = (owner_id IS NOT NULL)", name=op.f("ck_api_keys_owner")),
    )
    op.create_index("ix_api_keys_owner_id", "api_keys", ["owner_id"])


def downgrade() -> None:
    op.drop_table("api_keys")
    op.drop_table("linked_accounts")
    op.drop_table("users")
