"""Seasons and applications 评定批次、评定申报, with their standings, evidence, panels, objections, reviews.

Revises: 20261201_screening
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202_awards"
down_revision = "20261201_screening"
branch_labels = None
depends_on = None

PATH = sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql')
NUMBER = sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql')
WIDTHS = {"village": 37, "township": 24, "county": 14, "city": 7}


def upgrade() -> None:
    op.create_table('seasons',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('entries_until', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('remark', sa.String(length=500), nullable=True),
    sa.Column('reckoned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('path', PATH, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['standard_id'], ['standards.id'], name='fk_seasons_standard_id_standards'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_seasons_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_seasons')
    )
    op.create_index('ix_seasons_standard', 'seasons', ['standard_id'])


    op.create_table('award_applications',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('whom', sa.String(length=100), nullable=False),
    sa.Column('season_id', sa.Integer(), nullable=True),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('mediator_id', sa.Integer(), nullable=True),
    sa.Column('committee_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=30), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('applied_on', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('return_reason', sa.String(length=500), nullable=True),
    sa.Column('refusal', sa.String(length=500), nullable=True),
    sa.Column('again_reason', sa.String(length=500), nullable=True),
    sa.Column('reckoned', sa.Numeric(precision=9, scale=2), nullable=True),
    sa.Column('panel_on', sa.Date(), nullable=True),
    sa.Column('panel_opinion', sa.String(length=500), nullable=True),
    sa.Column('panel_mean', sa.Numeric(precision=9, scale=2), nullable=True),
    sa.Column('score', sa.Numeric(precision=9, scale=2), nullable=True),
    sa.Column('notice_from', sa.Date(), nullable=True),
    sa.Column('notice_until', sa.Date(), nullable=True),
    sa.Column('granted_on', sa.Date(), nullable=True),
    sa.Column('number', NUMBER, nullable=True),
    sa.Column('check_code', sa.String(length=20), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('filed_on', sa.Date(), nullable=True),
    sa.Column('filed_with', sa.String(length=100), nullable=True),
    sa.Column('revoke_reason', sa.String(length=20), nullable=True),
    sa.Column('revoke_note', sa.String(length=500), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('decided_path', PATH, nullable=False),
    sa.Column('path', PATH, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['committee_id'], ['committees.id'], name='fk_award_applications_committee_id_committees'),
    sa.ForeignKeyConstraint(['mediator_id'], ['mediators.id'], name='fk_award_applications_mediator_id_mediators'),
    sa.ForeignKeyConstraint(['season_id'], ['seasons.id'], name='fk_award_applications_season_id_seasons'),
    sa.ForeignKeyConstraint(['standard_id'], ['standards.id'], name='fk_award_applications_standard_id_standards'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_award_applications_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_award_applications')
    )
    op.create_index('ix_award_applications_committee', 'award_applications', ['committee_id', 'id'])
    op.create_index('ix_award_applications_mediator', 'award_applications', ['mediator_id', 'state'])
    op.create_index('ix_award_applications_season', 'award_applications', ['season_id', 'state'])
    op.create_index('ix_award_applications_standard', 'award_applications', ['standard_id'])
    op.create_index('uq_award_applications_number', 'award_applications', ['number'], unique=True)


    op.create_table('season_quotas',
    sa.Column('season_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=30), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['season_id'], ['seasons.id'], name='fk_season_quotas_season_id_seasons', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_season_quotas_unit_id_units'),
    sa.PrimaryKeyConstraint('id', name='pk_season_quotas')
    )
    op.create_index('ix_season_quotas_season_id', 'season_quotas', ['season_id'])


    op.create_table('season_steps',
    sa.Column('season_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name='fk_season_steps_actor_id_users'),
    sa.ForeignKeyConstraint(['season_id'], ['seasons.id'], name='fk_season_steps_season_id_seasons', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_season_steps')
    )
    op.create_index('ix_season_steps_season_id', 'season_steps', ['season_id'])


    op.create_table('standings',
    sa.Column('season_id', sa.Integer(), nullable=False),
    sa.Column('mediator_id', sa.Integer(), nullable=True),
    sa.Column('committee_id', sa.Integer(), nullable=False),
    sa.Column('path', PATH, nullable=False),
    sa.Column('points', sa.Numeric(precision=9, scale=2), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('verdicts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['committee_id'], ['committees.id'], name='fk_standings_committee_id_committees'),
    sa.ForeignKeyConstraint(['mediator_id'], ['mediators.id'], name='fk_standings_mediator_id_mediators'),
    sa.ForeignKeyConstraint(['season_id'], ['seasons.id'], name='fk_standings_season_id_seasons', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_standings')
    )
    op.create_index('ix_standings_committee', 'standings', ['season_id', 'committee_id'])
    op.create_index('ix_standings_path', 'standings', ['season_id', 'path', 'rank', 'points', 'id'])
    op.create_index('ix_standings_season', 'standings', ['season_id', 'rank', 'points', 'id'])


    op.create_table('award_evidence',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('required', sa.String(length=200), nullable=False),
    sa.Column('actual', sa.String(length=100), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('short', sa.String(length=50), nullable=True),
    sa.Column('points', sa.Numeric(precision=9, scale=2), nullable=True),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_evidence_award_id_award_applications', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_award_evidence')
    )
    op.create_index('ix_award_evidence_award_id', 'award_evidence', ['award_id'])


    op.create_table('award_judges',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('employer', sa.String(length=100), nullable=True),
    sa.Column('mediator_id', sa.Integer(), nullable=True),
    sa.Column('attendance', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Numeric(precision=7, scale=2), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_judges_award_id_award_applications', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mediator_id'], ['mediators.id'], name='fk_award_judges_mediator_id_mediators'),
    sa.PrimaryKeyConstraint('id', name='pk_award_judges')
    )
    op.create_index('ix_award_judges_award_id', 'award_judges', ['award_id'])


    op.create_table('award_manuals',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('required', sa.String(length=200), nullable=False),
    sa.Column('given', sa.Numeric(precision=9, scale=2), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_manuals_award_id_award_applications', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_award_manuals')
    )
    op.create_index('ix_award_manuals_award_id', 'award_manuals', ['award_id'])


    op.create_table('award_objections',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('raiser', sa.String(length=50), nullable=False),
    sa.Column('contact', sa.String(length=100), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_objections_award_id_award_applications', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_award_objections')
    )
    op.create_index('ix_award_objections_award_id', 'award_objections', ['award_id'])


    op.create_table('award_reviews',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('reviewed_on', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('level', sa.String(length=30), nullable=True),
    sa.Column('before', sa.String(length=30), nullable=True),
    sa.Column('opinion', sa.String(length=500), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_reviews_award_id_award_applications', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_award_reviews')
    )
    op.create_index('ix_award_reviews_award_id', 'award_reviews', ['award_id'])


    op.create_table('award_steps',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name='fk_award_steps_actor_id_users'),
    sa.ForeignKeyConstraint(['award_id'], ['award_applications.id'], name='fk_award_steps_award_id_award_applications', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_award_steps')
    )
    op.create_index('ix_award_steps_award_id', 'award_steps', ['award_id'])
    for table in ("seasons", "award_applications"):
        _by_scope(table)


def _by_scope(table: str) -> None:
    """An index for each tier of scope, in the order of the list."""
    for tier, width in WIDTHS.items():
        columns = [sa.text(f"substr(path, 1, {width})"), *map(sa.text, ("id", "path", "removed_at"))]
        op.create_index(f"ix_{table}_{tier}", table, columns)


def downgrade() -> None:
    op.drop_table('award_steps')
    op.drop_table('award_reviews')
    op.drop_table('award_objections')
    op.drop_table('award_manuals')
    op.drop_table('award_judges')
    op.drop_table('award_evidence')
    op.drop_table('standings')
    op.drop_table('season_steps')
    op.drop_table('season_quotas')
    op.drop_table('award_applications')
    op.drop_table('seasons')
