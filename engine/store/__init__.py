"""The store: SQLite or PostgreSQL through SQLAlchemy, one file per port.

Rule of this room: it keeps and finds, it decides nothing. Only records of `engine.ports` and entries of
`engine.entries` leave it; rows stay inside.
"""
