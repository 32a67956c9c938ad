"""Find the totals of a person quickly."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rollup_person", "rollup", ["person_id", "kind", "start_on"])


def downgrade() -> None:
    op.drop_index("ix_rollup_person", "rollup")
