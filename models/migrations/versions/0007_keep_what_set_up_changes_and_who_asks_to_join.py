"""Keep what set-up changes, and who asks to join."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "config_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("undoes", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_config_change_event_id", "config_change", ["event_id"])
    op.create_index("ix_config_change_undoes", "config_change", ["undoes"])
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "dropped_file",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("link_code") as codes:
        codes.add_column(sa.Column("purpose", sa.String(24), nullable=False, server_default="link"))
        codes.alter_column("person_id", existing_type=sa.String(), nullable=True)
    op.add_column("person", sa.Column("email", sa.String(), nullable=True))
    op.create_index("ix_person_email", "person", ["email"])
    op.add_column("region", sa.Column("working_week", sa.String(), nullable=False, server_default="01234"))


def downgrade() -> None:
    op.drop_column("region", "working_week")
    op.drop_index("ix_person_email", "person")
    op.drop_column("person", "email")
    op.execute("DELETE FROM link_code WHERE person_id IS NULL")
    with op.batch_alter_table("link_code") as codes:
        codes.alter_column("person_id", existing_type=sa.String(), nullable=False)
        codes.drop_column("purpose")
    op.drop_table("dropped_file")
    op.drop_table("account_request")
    op.drop_table("config_change")
