"""Files with listens that people hand in, and how far they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "listening_0006"
down_revision = "listening_0005"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        *(
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
            for name in ("place", "inserted", "duplicate", "quarantined")
        ),
        sa.Column("rejected", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease", sa.Uuid()),
        sa.Column("leased_until", MOMENT),
        sa.Column("error", sa.String()),
        sa.Column("asked_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="ck_imports_state"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("uq_imports_user_id_digest", "imports", ["user_id", "digest"], unique=True)
    unfinished = sa.text("state IN ('waiting', 'running')")
    op.create_index("ix_imports_unfinished", "imports", ["asked_at"], postgresql_where=unfinished)
    op.create_table(
        "import_parts",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_parts_import_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_import_parts"),
    )


def downgrade() -> None:
    op.drop_table("import_parts")
    op.drop_table("imports")
