"""Keys for scrobblers that speak Last.fm's protocol, the tokens they ask for, and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0007"
down_revision = "identity_0006"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
APPLICATION = {"refcolumns": ["lastfm_applications.key_id"], "ondelete": "CASCADE"}


def upgrade() -> None:
    op.create_table(
        "lastfm_applications",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("api_key", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_lastfm_applications_key_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_id", name="pk_lastfm_applications"),
        sa.UniqueConstraint("api_key", name="uq_lastfm_applications_api_key"),
    )
    op.create_table(
        "lastfm_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("approved", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], name="fk_lastfm_tokens_application_id", **APPLICATION),
        sa.PrimaryKeyConstraint("token_hash", name="pk_lastfm_tokens"),
    )
    op.create_index("ix_lastfm_tokens_application_id", "lastfm_tokens", ["application_id"])
    op.create_table(
        "lastfm_sessions",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], name="fk_lastfm_sessions_application_id", **APPLICATION),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_lastfm_sessions_key_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_lastfm_sessions"),
    )
    for column in ("application_id", "key_id"):
        op.create_index(f"ix_lastfm_sessions_{column}", "lastfm_sessions", [column])


def downgrade() -> None:
    for table in ("lastfm_sessions", "lastfm_tokens", "lastfm_applications"):
        op.drop_table(table)
