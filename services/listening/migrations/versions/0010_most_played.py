"""What is played most is found without reading the rest: items by how often they were played, roughly, and how many."""

import sqlalchemy as sa
from alembic import op

revision = "listening_0010"
down_revision = "listening_0009"
branch_labels = None
depends_on = None

TIER = "width_bucket(plays, ARRAY[{}])".format(", ".join(str(2**power) for power in range(3, 31)))
COUNTING = {
    "INSERT": """
        INSERT INTO item_counts AS t (user_id, kind, items)
        SELECT user_id, kind, count(*) FROM changed GROUP BY user_id, kind ORDER BY user_id, kind
        ON CONFLICT (user_id, kind) DO UPDATE SET items = t.items + excluded.items
    """,
    "DELETE": """
        UPDATE item_counts AS t SET items = t.items - gone.items
        FROM (SELECT user_id, kind, count(*) AS items FROM changed GROUP BY user_id, kind) AS gone
        WHERE t.user_id = gone.user_id AND t.kind = gone.kind
    """,
}


def upgrade() -> None:
    # It writes the table anew; whoever listens waits for it.
    op.execute(f"ALTER TABLE user_items ADD COLUMN tier smallint NOT NULL GENERATED ALWAYS AS ({TIER}) STORED")
    op.create_index(
        "ix_user_items_tier", "user_items", ["user_id", "kind", "tier"], postgresql_where=sa.text("tier > 0")
    )
    op.create_table(
        "item_counts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.CheckConstraint("items >= 0", name="ck_item_counts_items"),
        sa.PrimaryKeyConstraint("user_id", "kind", name="pk_item_counts"),
    )
    op.execute(
        "INSERT INTO item_counts (user_id, kind, items) SELECT user_id, kind, count(*) FROM user_items GROUP BY 1, 2"
    )
    for event, count in COUNTING.items():
        named, rows = f"count_items_of_{event.lower()}", "NEW" if event == "INSERT" else "OLD"
        op.execute(
            f"CREATE FUNCTION {named}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$"
            f" BEGIN {count}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {named} AFTER {event} ON user_items REFERENCING {rows} TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {named}()"
        )


def downgrade() -> None:
    for event in COUNTING:
        op.execute(f"DROP TRIGGER count_items_of_{event.lower()} ON user_items")
        op.execute(f"DROP FUNCTION count_items_of_{event.lower()}()")
    op.drop_table("item_counts")
    op.drop_index("ix_user_items_tier")
    op.drop_column("user_items", "tier")
