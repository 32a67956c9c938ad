"""Keep whose target was split to each team and person."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("target") as targets:
        targets.add_column(sa.Column("region_id", sa.String(), nullable=True))
    op.execute("UPDATE target SET region_id = scope_id WHERE scope = 'region'")
    op.execute(
        "UPDATE target SET region_id = (SELECT region_id FROM team WHERE team.id = scope_id) WHERE scope = 'team'"
    )
    op.execute(
        "UPDATE target SET region_id = (SELECT region_id FROM person WHERE person.id = scope_id) WHERE scope = 'person'"
    )
    op.execute("DELETE FROM target WHERE region_id IS NULL")
    with op.batch_alter_table("target") as targets:
        targets.alter_column("region_id", existing_type=sa.String(), nullable=False)
        targets.create_foreign_key("fk_target_region", "region", ["region_id"], ["id"])
        targets.create_index("ix_target_region_id", ["region_id"])


def downgrade() -> None:
    with op.batch_alter_table("target") as targets:
        targets.drop_index("ix_target_region_id")
        targets.drop_constraint("fk_target_region", type_="foreignkey")
        targets.drop_column("region_id")
