"""Accounts in the store (`engine.ports.accounts.AccountStore`).

Rules of this file: one change of accounts after the other, also on PostgreSQL, so what was read within it still holds
when it is written. Nothing here decides: what is to be done comes as a function over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, or_, select, update

from engine.accounts import Role
from engine.ports.accounts import AccountEvent, AccountRows, User
from engine.store.account_access import AccessRows
from engine.store.account_users import USERS, as_user
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.tables import account_events, agents, customers, one_time_links, users
from engine.terms import AgentId, CustomerId, UserId

T = TypeVar("T")
_LOCK = 0x4143434F
"""Key of the PostgreSQL advisory lock that a change holds ("ACCO")."""
LAST_ID = 2**31 - 1
"""PostgreSQL looks for no greater one: an id may come from an address that somebody typed."""
_FIXED = {"id", "login", "role", "customer", "agent", "made_at"}
_OF_THE_CUSTOMER = {"customer_number", "customer_name"}


class StoredAccounts:
    """Fills `engine.ports.accounts.AccountStore`."""

    def __init__(self, database: Database) -> None:
        """With a lane of its own."""
        self._lane = database.lane()

    async def read(self, work: Callable[[AccountRows], T]) -> T:
        """See AccountStore."""
        return await self._lane.read(lambda connection: work(Rows(connection)))

    async def write(self, work: Callable[[AccountRows], T]) -> T:
        """See AccountStore."""

        def transaction(connection: Connection) -> T:
            wait_for_others(connection, _LOCK)
            return work(Rows(connection))

        return await self._lane.write(transaction)


class Rows(AccessRows):
    """Fills `engine.ports.accounts.AccountRows`: users and events here, what lets them in beside it."""

    def user(self, user: UserId) -> User | None:
        """By id."""
        return self._user(users.c.id == user) if user <= LAST_ID else None

    def user_of_login(self, key: str) -> User | None:
        """By the login's key."""
        return self._user(users.c.key == key)

    def user_of_agent(self, agent: AgentId) -> User | None:
        """Who is this agent."""
        return self._user(users.c.agent == agent)

    def users(self, customer: CustomerId | None, search: str, most: int) -> Sequence[User]:
        """By login; those of one customer, or whose login or name has `search` in it."""
        wanted = USERS.order_by(users.c.key).limit(most)
        if customer is not None:
            wanted = wanted.where(users.c.customer == customer)
        if search:
            # Whether the database knows that Ö is a capital ö depends on how it was made.
            written = {search.lower(), search.title(), search.upper()}
            columns = (users.c.key, users.c.name)
            found = [column.icontains(one, autoescape=True) for one in sorted(written) for column in columns]
            wanted = wanted.where(or_(*found))
        return [as_user(row) for row in self._connection.execute(wanted)]

    def admins(self) -> Sequence[User]:
        """Every admin."""
        return [as_user(row) for row in self._connection.execute(USERS.where(users.c.role == Role.ADMIN.value))]

    def add_user(self, user: User, key: str) -> UserId:
        """A new user; the id in `user` is not looked at."""
        values = {name: value for name, value in asdict(user).items() if name not in {"id", *_OF_THE_CUSTOMER}}
        made = insert(users).values(key=key, **values).returning(users.c.id)
        return UserId(self._connection.execute(made).scalar_one())

    def change_user(self, user: User) -> None:
        """Write what can change."""
        changing = asdict(user).items()
        values = {name: value for name, value in changing if name not in _FIXED | _OF_THE_CUSTOMER}
        self._connection.execute(update(users).where(users.c.id == user.id).values(values))

    def customer_of(self, number: str) -> CustomerId | None:
        """By customer number."""
        found: int | None = self._connection.execute(
            select(customers.c.id).where(customers.c.number == number)
        ).scalar_one_or_none()
        return None if found is None else CustomerId(found)

    def customer(self, customer: CustomerId) -> tuple[str, str] | None:
        """Number and name."""
        if customer > LAST_ID:
            return None
        wanted = select(customers.c.number, customers.c.name).where(customers.c.id == customer)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else (row.number, row.name)

    def has_agent(self, agent: AgentId) -> bool:
        """Whether there is such an agent."""
        return self._connection.execute(select(agents.c.login).where(agents.c.login == agent)).first() is not None

    def add_link(self, token: str, user: UserId, expires_at: datetime) -> None:
        """A one-time link."""
        self._connection.execute(insert(one_time_links).values(token=token, user=user, expires_at=expires_at))

    def link(self, token: str) -> tuple[User, datetime] | None:
        """Whose link, and when it is over."""
        wanted = USERS.add_columns(one_time_links.c.expires_at).join(
            one_time_links, one_time_links.c.user == users.c.id
        )
        row = self._connection.execute(wanted.where(one_time_links.c.token == token)).one_or_none()
        return None if row is None else (as_user(row), row.expires_at)

    def drop_links(self, user: UserId) -> None:
        """All of the user's."""
        self._connection.execute(delete(one_time_links).where(one_time_links.c.user == user))

    def note(self, event: AccountEvent) -> None:
        """Append it."""
        self._connection.execute(insert(account_events).values(asdict(event)))

    def events(self, user: UserId | None, most: int) -> Sequence[AccountEvent]:
        """The latest first."""
        wanted = select(account_events).order_by(account_events.c.id.desc()).limit(most)
        if user is not None:
            wanted = wanted.where(account_events.c.user == user)
        return [
            AccountEvent(row.at, row.user, row.login, row.what, row.detail, row.by, row.address)
            for row in self._connection.execute(wanted)
        ]

    def forget_events(self, before: datetime, most: int) -> int:
        """At most so many of the older ones; how many it were."""
        old = select(account_events.c.id).where(account_events.c.at < before).limit(most)
        gone = self._connection.execute(delete(account_events).where(account_events.c.id.in_(old.scalar_subquery())))
        return gone.rowcount

    def _user(self, condition: Any) -> User | None:
        row = self._connection.execute(USERS.where(condition)).one_or_none()
        return None if row is None else as_user(row)
