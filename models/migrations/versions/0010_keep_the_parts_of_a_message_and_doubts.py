"""Keep the parts of a message that a platform took as several, and whether it may have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("parts", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f("ix_outbox_edits"), ["edits"], unique=False)
        batch_op.create_index(
            "ix_outbox_parts", ["channel_id"], unique=False, sqlite_where=sa.text("parts IS NOT NULL")
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index("ix_outbox_parts")
        batch_op.drop_index(batch_op.f("ix_outbox_edits"))
        batch_op.drop_column("doubtful")
        batch_op.drop_column("parts")
