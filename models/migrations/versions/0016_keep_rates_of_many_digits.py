"""Keep rates of many digits."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rate") as rates:
        for name in ("numerator", "denominator"):
            rates.alter_column(name, existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("rate") as rates:
        for name in ("numerator", "denominator"):
            rates.alter_column(name, existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
