"""incremental runs, copies, overlays, schedules and access of sources

Columns are added in place: SQLite would otherwise write whole tables anew, and break the rows that refer to them.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('identity_key',
    sa.Column('key', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('dataset_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'dataset_id')
    )
    op.create_index(op.f('ix_identity_key_dataset_id'), 'identity_key', ['dataset_id'], unique=False)

    op.create_table('overlay',
    sa.Column('dataset_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('field', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('base', sa.JSON(), nullable=True),
    sa.Column('author', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('dataset_id', 'field')
    )
    op.add_column('dataset', sa.Column('copy_of', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('dataset', sa.Column('copy_rule', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index(op.f('ix_dataset_copy_of'), 'dataset', ['copy_of'], unique=False)

    op.add_column('record', sa.Column('stable', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.drop_column('record', 'likeness')

    op.add_column('run', sa.Column('partial', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('run', sa.Column('priority', sa.Integer(), server_default='0', nullable=False))
    op.add_column('run', sa.Column('saved', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('run', sa.Column('decision', sa.JSON(), nullable=True))
    op.add_column('run', sa.Column('told', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index(op.f('ix_run_told'), 'run', ['told'], unique=False)

    op.add_column('source', sa.Column('timezone', sqlmodel.sql.sqltypes.AutoString(), server_default='UTC', nullable=False))
    op.add_column('source', sa.Column('jitter', sa.Integer(), server_default='0', nullable=False))
    op.add_column('source', sa.Column('blackout', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('source', sa.Column('priority', sa.Integer(), server_default='0', nullable=False))
    op.add_column('source', sa.Column('pause', sa.Float(), server_default='0', nullable=False))
    op.add_column('source', sa.Column('volatile', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('source', sa.Column('access', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('source', sa.Column('notify', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('source', sa.Column('failures', sa.Integer(), server_default='0', nullable=False))
    op.add_column('source', sa.Column('last_good', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute('UPDATE run SET told = finished WHERE finished IS NOT NULL')  # of what is over, nobody is told now


def downgrade() -> None:
    op.drop_column('source', 'last_good')
    op.drop_column('source', 'failures')
    op.drop_column('source', 'notify')
    op.drop_column('source', 'access')
    op.drop_column('source', 'volatile')
    op.drop_column('source', 'pause')
    op.drop_column('source', 'priority')
    op.drop_column('source', 'blackout')
    op.drop_column('source', 'jitter')
    op.drop_column('source', 'timezone')

    op.drop_index(op.f('ix_run_told'), table_name='run')
    op.drop_column('run', 'told')
    op.drop_column('run', 'decision')
    op.drop_column('run', 'saved')
    op.drop_column('run', 'priority')
    op.drop_column('run', 'partial')

    op.add_column('record', sa.Column('likeness', sa.VARCHAR(), nullable=False, server_default=''))
    op.drop_column('record', 'stable')

    op.drop_index(op.f('ix_dataset_copy_of'), table_name='dataset')
    op.drop_column('dataset', 'copy_rule')
    op.drop_column('dataset', 'copy_of')

    op.drop_table('overlay')
    op.drop_index(op.f('ix_identity_key_dataset_id'), table_name='identity_key')

    op.drop_table('identity_key')
