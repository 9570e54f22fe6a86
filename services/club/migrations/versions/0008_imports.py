"""Imports of old threads, and what each of them wrote."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0008"
down_revision = "club_0007"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name="fk_imports_club_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    standing = sa.text("undone_at IS NULL")
    op.create_index(
        "ix_imports_club_id_source", "imports", ["club_id", "source"], unique=True, postgresql_where=standing
    )
    op.create_index("ix_imports_club_id_id", "imports", ["club_id", "id"])
    op.create_table(
        "import_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kept_because", sa.String()),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("provenance", JSONB(), nullable=False),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB(), nullable=False),
        sa.CheckConstraint("kind IN ('week', 'nomination', 'winner', 'rating')", name="ck_import_items_kind"),
        sa.CheckConstraint("outcome IN ('made', 'changed')", name="ck_import_items_outcome"),
        sa.CheckConstraint("state IN ('stands', 'undone', 'kept')", name="ck_import_items_state"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_items_import_id"),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_import_items_week_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_items"),
        sa.UniqueConstraint(
            "import_id", "kind", "key", "subject_id", name="uq_import_items_import_id_kind_key_subject_id"
        ),
    )
    op.create_index("ix_import_items_week_id", "import_items", ["week_id"])
    op.create_index("ix_import_items_subject_id", "import_items", ["subject_id"])


def downgrade() -> None:
    op.drop_table("import_items")
    op.drop_table("imports")
