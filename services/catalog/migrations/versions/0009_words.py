"""Names by their words, and every word that any name has: what slips are mended by."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0009"
down_revision = "catalog_0008"
branch_labels = None
depends_on = None

TABLES = ("artists", "albums", "tracks")
# A word that two learn at once is there twice, which harms nobody: a unique index would make them wait for each other.
LEARN = """
    INSERT INTO words (word)
    SELECT DISTINCT said.word FROM {table}, unnest(string_to_array({table}.search, ' ')) AS said(word)
    WHERE length(said.word) BETWEEN 2 AND 40 AND NOT EXISTS (SELECT FROM words WHERE words.word = said.word)
"""
LEARNING = f"""
CREATE FUNCTION learn_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    {LEARN.format(table="named")};
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "words",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
    )
    op.create_index("ix_words_word", "words", ["word"])
    op.create_index(
        "ix_words_alike", "words", ["word"], postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}
    )
    op.execute(LEARNING)
    for table in TABLES:
        op.create_index(
            f"ix_{table}_words", table, [sa.text("to_tsvector('simple'::regconfig, search)")], postgresql_using="gin"
        )
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER learn_words_of_{event.lower()} AFTER {event} ON {table} "
                "REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION learn_words()"
            )
        op.execute(LEARN.format(table=table))


def downgrade() -> None:
    for table in TABLES:
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER learn_words_of_{event} ON {table}")
        op.drop_index(f"ix_{table}_words", table_name=table)
    op.execute("DROP FUNCTION learn_words()")
    op.drop_table("words")
