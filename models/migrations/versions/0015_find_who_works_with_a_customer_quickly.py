"""Find who works with a customer quickly."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deal_account", "deal", ["account_id", "region_id"])
    op.drop_index("ix_deal_account_id", "deal")
    op.create_index("ix_visit_account_id", "visit", ["account_id"])


def downgrade() -> None:
    op.drop_index("ix_visit_account_id", "visit")
    op.create_index("ix_deal_account_id", "deal", ["account_id"])
    op.drop_index("ix_deal_account", "deal")
