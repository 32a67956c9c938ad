"""Keep the parts of a long message."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_part",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "number"),
    )
    op.create_index("ix_message_part_message_id", "message_part", ["message_id"])


def downgrade() -> None:
    op.drop_table("message_part")
