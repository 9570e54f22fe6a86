"""How many ratings of each half step there are, and who took part in a club, kept as members do."""

import sqlalchemy as sa
from alembic import op

revision = "club_0010"
down_revision = "club_0009"
branch_labels = None
depends_on = None

# Deferred to the commit, so that the members of a week wait for each other for that long only; and one lock a week,
# so that two who change their minds in opposite directions do not wait for each other for ever.
COUNTING = """
CREATE FUNCTION count_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(NEW.week_id, OLD.week_id)::text, 0));
    IF OLD.id IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        UPDATE rating_counts SET ratings = ratings - 1
        WHERE week_id = OLD.week_id AND album_id = OLD.album_id AND half_steps = OLD.half_steps;
    END IF;
    IF NEW.id IS NOT NULL AND NEW.withdrawn_at IS NULL THEN
        INSERT INTO rating_counts AS standing (week_id, album_id, half_steps, ratings)
        VALUES (NEW.week_id, NEW.album_id, NEW.half_steps, 1)
        ON CONFLICT (week_id, album_id, half_steps) DO UPDATE SET ratings = standing.ratings + 1;
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER count_rating
AFTER INSERT OR DELETE OR UPDATE OF week_id, album_id, half_steps, withdrawn_at ON ratings
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_rating()
"""
AS_THEY_ARE = """
INSERT INTO rating_counts (week_id, album_id, half_steps, ratings)
SELECT week_id, album_id, half_steps, count(*) FROM ratings WHERE withdrawn_at IS NULL GROUP BY 1, 2, 3
"""

TAKING_PART = """
CREATE FUNCTION take_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO participants (club_id, user_id) SELECT club_id, NEW.user_id FROM weeks WHERE id = NEW.week_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""
NOMINATING = """
CREATE FUNCTION take_part_by_nominating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO participants (club_id, user_id)
    SELECT club_id, NEW.user_id FROM weeks JOIN nominations ON nominations.week_id = weeks.id
    WHERE nominations.id = NEW.nomination_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""
TOOK_PART = """
INSERT INTO participants (club_id, user_id)
SELECT club_id, user_id FROM ballots JOIN weeks ON weeks.id = week_id
UNION SELECT club_id, user_id FROM ratings JOIN weeks ON weeks.id = week_id
UNION SELECT club_id, nominators.user_id FROM nominators
    JOIN nominations ON nominations.id = nomination_id JOIN weeks ON weeks.id = week_id
"""
PARTS = {"ballots": "take_part", "ratings": "take_part", "nominators": "take_part_by_nominating"}


def upgrade() -> None:
    op.create_table(
        "rating_counts",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.Column("album_id", sa.Uuid(), nullable=False),
        sa.Column("half_steps", sa.SmallInteger(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.CheckConstraint("ratings >= 0", name="ck_rating_counts_ratings"),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name="fk_rating_counts_week_id"),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name="fk_rating_counts_album_id"),
        sa.PrimaryKeyConstraint("week_id", "album_id", "half_steps", name="pk_rating_counts"),
    )
    op.create_table(
        "participants",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["clubs.id"], name="fk_participants_club_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_participants_user_id"),
        sa.PrimaryKeyConstraint("club_id", "user_id", name="pk_participants"),
    )
    op.create_index("ix_participants_user_id", "participants", ["user_id"])
    op.execute(f"LOCK TABLE {', '.join(PARTS)} IN SHARE ROW EXCLUSIVE MODE")
    for statement in (AS_THEY_ARE, COUNTING, TRIGGER, TOOK_PART, TAKING_PART, NOMINATING):
        op.execute(statement)
    for table, function in PARTS.items():
        op.execute(
            f"CREATE TRIGGER take_part AFTER INSERT OR UPDATE OF user_id ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    for table in PARTS:
        op.execute(f"DROP TRIGGER take_part ON {table}")
    for function in sorted({*PARTS.values()}):
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_table("participants")
    op.execute("DROP TRIGGER count_rating ON ratings")
    op.execute("DROP FUNCTION count_rating()")
    op.drop_table("rating_counts")
