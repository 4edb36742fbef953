"""A user's row, however it is reached."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from engine.accounts import Role
from engine.ports.accounts import User
from engine.store.tables import customers, users
from engine.terms import UserId

USERS = select(users, customers.c.number.label("customer_number"), customers.c.name.label("customer_name")).outerjoin(
    customers, customers.c.id == users.c.customer
)
"""A user's columns, with the customer's number and name."""


def as_user(row: Row[Any]) -> User:
    """The user whose columns are in the row, as `USERS` names them."""
    return User(
        UserId(row.id),
        row.login,
        row.name,
        Role(row.role),
        row.made_at,
        row.customer,
        row.agent,
        row.language,
        row.disabled,
        row.password,
        row.totp,
        row.totp_begun,
        row.totp_step,
        row.signed_in_at,
        row.customer_number,
        row.customer_name,
    )
