"""Risk assessments with measures and follow-ups, typical cases, publicity, and their steps.

Revises: 20261205_urgings
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261205_library"
down_revision = "20261205_urgings"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PATH = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
CHOICE = sa.String(length=20)
WIDTHS = {"city": 7, "county": 14, "township": 24, "village": 37}
TABLES = (
    "typical_case_steps",
    "typical_cases",
    "publicities",
    "assessment_steps",
    "assessment_measures",
    "assessment_follows",
    "assessments",
)


def upgrade() -> None:
    op.create_table('assessments',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('proposer', sa.String(length=100), nullable=False),
    sa.Column('proposed_on', sa.Date(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('state', CHOICE, nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('ways', sa.JSON(), nullable=True),
    sa.Column('asked_people', sa.Integer(), nullable=True),
    sa.Column('risk', CHOICE, nullable=True),
    sa.Column('risks', sa.Text(), nullable=True),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('return_reason', sa.String(length=500), nullable=True),
    sa.Column('decision', CHOICE, nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('decided_by', sa.String(length=100), nullable=True),
    sa.Column('follow_by', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('path', PATH, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=True),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_assessments_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_assessments')
    )
    op.create_table('assessment_follows',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('followed_on', sa.Date(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('follower', sa.String(length=50), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name='fk_assessment_follows_assessment_id_assessments', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_assessment_follows')
    )
    op.create_index('ix_assessment_follows_assessment_id', 'assessment_follows', ['assessment_id'])

    op.create_table('assessment_measures',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.String(length=500), nullable=False),
    sa.Column('responsible', sa.String(length=100), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name='fk_assessment_measures_assessment_id_assessments', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_assessment_measures')
    )
    op.create_index('ix_assessment_measures_assessment_id', 'assessment_measures', ['assessment_id'])

    op.create_table('assessment_steps',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('source', CHOICE, nullable=False),
    sa.Column('target', CHOICE, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name='fk_assessment_steps_actor_id_users'),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name='fk_assessment_steps_assessment_id_assessments', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_assessment_steps')
    )
    op.create_index('ix_assessment_steps_assessment_id', 'assessment_steps', ['assessment_id'])

    op.create_table('publicities',
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('committee_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=100), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('materials', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('speakers', sa.String(length=200), nullable=True),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('remark', sa.String(length=500), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('path', PATH, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=True),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['committee_id'], ['committees.id'], name='fk_publicities_committee_id_committees'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_publicities_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_publicities')
    )
    op.create_index('ix_publicities_committee', 'publicities', ['committee_id', 'held_on', 'id'])

    op.create_table('typical_cases',
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('keywords', sa.String(length=200), nullable=True),
    sa.Column('state', CHOICE, nullable=False),
    sa.Column('brief', sa.Text(), nullable=False),
    sa.Column('course', sa.Text(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('return_reason', sa.String(length=500), nullable=True),
    sa.Column('withdraw_reason', sa.String(length=500), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('committee_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('path', PATH, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=True),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name='fk_typical_cases_case_id_cases'),
    sa.ForeignKeyConstraint(['committee_id'], ['committees.id'], name='fk_typical_cases_committee_id_committees'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_typical_cases_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_typical_cases')
    )
    op.create_index('ix_typical_cases_case', 'typical_cases', ['case_id'])
    op.create_index('ix_typical_cases_committee', 'typical_cases', ['committee_id', 'id'])
    op.create_index('ix_typical_cases_state', 'typical_cases', ['state', 'id'])

    op.create_table('typical_case_steps',
    sa.Column('typical_case_id', sa.Integer(), nullable=False),
    sa.Column('source', CHOICE, nullable=False),
    sa.Column('target', CHOICE, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name='fk_typical_case_steps_actor_id_users'),
    sa.ForeignKeyConstraint(['typical_case_id'], ['typical_cases.id'], name='fk_typical_case_steps_typical_case_id_typical_cases', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_typical_case_steps')
    )
    op.create_index('ix_typical_case_steps_typical_case_id', 'typical_case_steps', ['typical_case_id'])

    for table, order in (
        ("assessments", ("proposed_on", "id")),
        ("publicities", ("held_on", "id")),
        ("typical_cases", ("id",)),
    ):
        for tier, width in WIDTHS.items():
            columns: list[Any] = [sa.text(f"substr(path, 1, {width})"), *order, "path", "removed_at"]
            op.create_index(f"ix_{table}_{tier}", table, columns)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
