"""Alembic's migrations of the store, run by `engine.store.schema.upgrade`."""
