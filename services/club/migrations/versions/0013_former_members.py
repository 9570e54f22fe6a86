"""Members who left: as whom what stays of them is kept, and the one way in which records forget them."""

import sqlalchemy as sa
from alembic import op

revision = "club_0013"
down_revision = "club_0012"
branch_labels = None
depends_on = None

# Of ratings that stay the half steps stay; of those that go, everything does. Before the ratings are given to another.
FORGET_RATINGS = """
CREATE FUNCTION forget_rating_states(gone uuid[], removed uuid[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = club, pg_temp AS $$
BEGIN
    PERFORM check_departed(gone);
    DELETE FROM rating_states USING ratings
    WHERE ratings.id = rating_id AND ratings.user_id = ANY(gone) AND ratings.id = ANY(removed);
    UPDATE rating_states SET favorite_track = NULL, review = NULL, ref = NULL FROM ratings
    WHERE ratings.id = rating_id AND ratings.user_id = ANY(gone);
END
$$
"""
FORGET_OVERRIDES = """
CREATE FUNCTION forget_in_overrides(gone uuid[], words text[], former uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = club, pg_temp AS $$
DECLARE
    ids text[] := gone::text[];
BEGIN
    PERFORM check_departed(gone);
    UPDATE overrides SET
        actor = CASE WHEN actor = ANY(ids) THEN former::text ELSE actor END,
        reason = unnamed(reason, ids, words, former::text)
    WHERE actor = ANY(ids) OR reason ~ any_of(ids || words);
END
$$
"""
FUNCTIONS = ("forget_rating_states(uuid[], uuid[])", "forget_in_overrides(uuid[], text[], uuid)")


def upgrade() -> None:
    op.add_column("members", sa.Column("former", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_members_former", "members", ["id"], postgresql_where=sa.text("former"))
    # Of a ballot that was struck nobody needs to know whose it was.
    op.alter_column("ballot_secrets", "user_id", nullable=True)
    for statement in (FORGET_RATINGS, FORGET_OVERRIDES):
        op.execute(statement)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO club")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.alter_column("ballot_secrets", "user_id", nullable=False)
    op.drop_index("ix_members_former", table_name="members")
    op.drop_column("members", "former")
