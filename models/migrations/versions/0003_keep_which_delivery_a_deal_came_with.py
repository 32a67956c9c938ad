"""Keep which delivery a deal came with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deal_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_deal_entry_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deal_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_entry_event_id"))
        batch_op.drop_column("event_id")
