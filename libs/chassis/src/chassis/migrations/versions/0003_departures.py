"""Who left, known by a hash; and the one way in which the audit, else for ever, forgets them."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0003"
down_revision = "chassis_0002"
branch_labels = None
depends_on = None

# The role that serves is called as its schema. The role that moves events drops dead ones that name somebody who left.
FOR_EVER = """
DO $$ BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON departures FROM %I', current_schema());
END $$
"""
READ_BY_THE_BUS = "GRANT SELECT ON departures TO bus"
CHECK = """
CREATE FUNCTION check_departed(ids uuid[]) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(ids) AS one
        WHERE NOT EXISTS (SELECT FROM departures WHERE digest = sha256(convert_to(one::text, 'UTF8')))
    ) THEN
        RAISE EXCEPTION 'Only of those who left is anything forgotten.';
    END IF;
END
$$
"""
# A pattern of words that stand for themselves; null without any.
ANY_OF = r"""
CREATE FUNCTION any_of(words text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '(?<!\w)(' || string_agg(regexp_replace(word, '([^[:alnum:]_])', '\\\1', 'g'), '|') || ')(?!\w)'
    FROM unnest(words) AS word
$$
"""
# In what is about them, and in what is said beside their id, no text stays that is no id. Elsewhere only what names
# them goes: what others said there is theirs.
FORGOTTEN = r"""
CREATE FUNCTION forgotten(node jsonb, ids text[], words text[], former text, about boolean)
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said text := node #>> '{}';
    beside boolean;
    told jsonb;
BEGIN
    CASE jsonb_typeof(node)
    WHEN 'string' THEN
        IF said = ANY(ids) THEN
            RETURN to_jsonb(former);
        ELSIF about AND said !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
            RETURN 'null'::jsonb;
        END IF;
        RETURN to_jsonb(unnamed(said, ids, words, former));
    WHEN 'array' THEN
        SELECT jsonb_agg(forgotten(each, ids, words, former, about) ORDER BY place) INTO told
        FROM jsonb_array_elements(node) WITH ORDINALITY AS them (each, place);
        RETURN coalesce(told, node);
    WHEN 'object' THEN
        beside := EXISTS (SELECT FROM jsonb_each_text(node) AS them WHERE them.value = ANY(ids));
        SELECT jsonb_object_agg(
            CASE WHEN key = ANY(ids) THEN former ELSE unnamed(key, ids, words, former) END,
            forgotten(
                value, ids, words, former,
                about OR key = ANY(ids) OR (beside AND jsonb_typeof(value) NOT IN ('object', 'array'))
            )
        ) INTO told FROM jsonb_each(node);
        RETURN coalesce(told, node);
    ELSE
        RETURN node;
    END CASE;
END
$$
"""
UNNAMED = """
CREATE FUNCTION unnamed(said text, ids text[], words text[], former text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(regexp_replace(known, any_of(words), '…', 'g'), known)
    FROM (SELECT coalesce(regexp_replace(said, any_of(ids), former, 'g'), said)) AS by_id (known)
$$
"""
# Of the words only those count that nobody could mean otherwise: a handle is somebody else's tomorrow.
FORGET = """
CREATE FUNCTION forget_in_audit(gone uuid[], own text[], words text[], former uuid, passed uuid, at_most int)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    ids text[] := gone::text[];
    naming text := any_of(ids || ARRAY(SELECT word FROM unnest(words) AS word WHERE word ~ '^[0-9]{15,}$'));
    upto uuid;
BEGIN
    PERFORM check_departed(gone);
    SELECT id INTO upto FROM (SELECT id FROM audit WHERE id > passed ORDER BY id LIMIT at_most) AS batch
    ORDER BY id DESC LIMIT 1;
    UPDATE audit SET
        actor_id = CASE WHEN actor_id = ANY(ids) THEN former::text ELSE actor_id END,
        subject_id = CASE WHEN subject_id = ANY(ids) THEN former::text ELSE subject_id END,
        before = forgotten(before, ids, words, former::text, subject_id = ANY(ids || own)),
        after = forgotten(audit.after, ids, words, former::text, subject_id = ANY(ids || own)),
        reason = CASE WHEN subject_id = ANY(ids || own) THEN NULL ELSE unnamed(reason, ids, words, former::text) END
    WHERE id > passed AND id <= upto AND (
        subject_id = ANY(ids || own) OR actor_id = ANY(ids)
        OR concat_ws(' ', before::text, audit.after::text, reason) ~ naming
    );
    RETURN upto;
END
$$
"""
# Whoever calls it can hide nothing of their own in its way.
PINNED = """
DO $$ BEGIN
  EXECUTE format(
    'ALTER FUNCTION forget_in_audit(uuid[], text[], text[], uuid, uuid, int) SET search_path = %1$I, pg_temp;
     REVOKE ALL ON FUNCTION forget_in_audit(uuid[], text[], text[], uuid, uuid, int) FROM PUBLIC;
     GRANT EXECUTE ON FUNCTION forget_in_audit(uuid[], text[], text[], uuid, uuid, int) TO %1$I',
    current_schema()
  );
END $$
"""
FUNCTIONS = (
    "forget_in_audit(uuid[], text[], text[], uuid, uuid, int)",
    "forgotten(jsonb, text[], text[], text, boolean)",
    "unnamed(text, text[], text[], text)",
    "any_of(text[])",
    "check_departed(uuid[])",
)


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_departures"),
    )
    for statement in (FOR_EVER, READ_BY_THE_BUS, CHECK, ANY_OF, UNNAMED, FORGOTTEN, FORGET, PINNED):
        op.execute(statement)


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("departures")
