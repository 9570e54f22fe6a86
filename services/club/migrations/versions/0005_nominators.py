"""Several members may stand behind one nomination; nominations are numbered in their week, and are announced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "club_0005"
down_revision = "club_0004"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
CLOCK = sa.text("clock_timestamp()")
EPOCH = sa.text("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
# The ids are UUIDv7, so their order is that of nominating.
NUMBERED = """
UPDATE nominations SET number = numbered.number
FROM (SELECT id, row_number() OVER (PARTITION BY week_id ORDER BY id) AS number FROM nominations) AS numbered
WHERE numbered.id = nominations.id
"""


def upgrade() -> None:
    op.create_table(
        "nominators",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pitch", sa.String()),
        sa.Column("pitch_track_url", sa.String()),
        sa.Column("ref", JSONB()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=CLOCK, nullable=False),
        sa.Column("updated_at", MOMENT, server_default=CLOCK, nullable=False),
        sa.ForeignKeyConstraint(["nomination_id"], ["nominations.id"], name="fk_nominators_nomination_id"),
        sa.ForeignKeyConstraint(["user_id"], ["members.id"], name="fk_nominators_user_id"),
        sa.PrimaryKeyConstraint("nomination_id", "user_id", name="pk_nominators"),
    )
    op.execute(
        "INSERT INTO nominators "
        "(nomination_id, user_id, pitch, pitch_track_url, ref, withdrawn_at, created_at, updated_at) "
        "SELECT id, user_id, pitch, pitch_track_url, ref, withdrawn_at, created_at, updated_at FROM nominations"
    )
    op.create_index("ix_nominators_user_id", "nominators", ["user_id"])
    op.create_index("ix_nominators_message", "nominators", [sa.text("(ref ->> 'id')")])
    op.add_column("nominations", sa.Column("number", sa.SmallInteger()))
    op.execute(NUMBERED)
    op.alter_column("nominations", "number", nullable=False)
    op.add_column("nominations", sa.Column("version", sa.BigInteger(), server_default=EPOCH, nullable=False))
    # It was only for the nominations already there.
    op.alter_column("nominations", "version", server_default=None)
    # Whoever leads may change, to somebody whose own nomination of the album was withdrawn long ago.
    op.drop_constraint("uq_nominations_week_id_user_id_album_id", "nominations")
    op.create_unique_constraint("uq_nominations_week_id_number", "nominations", ["week_id", "number"])
    op.create_index("ix_nominations_week_id_album_id", "nominations", ["week_id", "album_id"])
    for column in ("pitch", "pitch_track_url", "ref"):
        op.drop_column("nominations", column)
    op.execute("UPDATE clubs SET rules = rules - 'same_album' WHERE rules ->> 'same_album' = 'apart'")


def downgrade() -> None:
    """What co-nominators said is lost: there is one row for them all."""
    op.execute("UPDATE clubs SET rules = rules - 'same_album' WHERE rules ->> 'same_album' = 'merge'")
    op.add_column("nominations", sa.Column("pitch", sa.String()))
    op.add_column("nominations", sa.Column("pitch_track_url", sa.String()))
    op.add_column("nominations", sa.Column("ref", JSONB()))
    op.execute(
        "UPDATE nominations SET pitch = led.pitch, pitch_track_url = led.pitch_track_url, ref = led.ref "
        "FROM nominators AS led "
        "WHERE led.nomination_id = nominations.id AND led.user_id = nominations.user_id"
    )
    op.drop_index("ix_nominations_week_id_album_id", table_name="nominations")
    op.drop_constraint("uq_nominations_week_id_number", "nominations")
    op.create_unique_constraint(
        "uq_nominations_week_id_user_id_album_id", "nominations", ["week_id", "user_id", "album_id"]
    )
    op.drop_column("nominations", "version")
    op.drop_column("nominations", "number")
    op.drop_index("ix_nominators_message", table_name="nominators")
    op.drop_index("ix_nominators_user_id", table_name="nominators")
    op.drop_table("nominators")
