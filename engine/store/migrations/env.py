"""Alembic's entry: runs the migrations on the connection that `engine.store.schema` hands over.

Rule: one transaction for everything, opened and committed by the caller (SQLite's DDL is transactional too).
"""

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
