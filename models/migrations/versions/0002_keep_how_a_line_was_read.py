"""Keep how a line was read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deal_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_as", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deal_entry", schema=None) as batch_op:
        batch_op.drop_column("read_as")
