"""What the accounts service needs of the store: records, and the rows of one transaction.

Rule of this file: a secret is here only as its hash, and never shown by `repr`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from engine.accounts import Identity, Role, Tries
from engine.terms import AgentId, CustomerId, UserId

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. Written whole, but for what belongs to the customer."""

    id: UserId
    login: str
    name: str
    role: Role
    made_at: datetime
    customer: CustomerId | None = None
    agent: AgentId | None = None
    language: str = "de"
    disabled: bool = False
    password: str | None = field(default=None, repr=False)
    """As argon2 writes it, with its parameters; None until the first one-time link was used."""
    totp: str | None = field(default=None, repr=False)
    """The confirmed secret of the authenticator app, base32."""
    totp_begun: str | None = field(default=None, repr=False)
    """One that is not confirmed yet."""
    totp_step: int | None = None
    """The time step of the last code that was accepted."""
    signed_in_at: datetime | None = None
    customer_number: str | None = None
    customer_name: str | None = None

    def identity(self, acting_for: CustomerId | None = None) -> Identity:
        """Who this is when signed in."""
        own = (self.id, self.login, self.name, self.role, self.customer, self.agent)
        return Identity(*own, acting_for, self.language)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session of a user. `device`: the browser, as it calls itself."""

    id: int
    user: User
    created_at: datetime
    last_seen_at: datetime
    address: str
    device: str
    acting_for: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for programs; the text itself is kept nowhere."""

    id: int
    user: UserId
    name: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One line of the account, never changed but forgotten in time, of who signed in and what became of accounts."""

    at: datetime
    user: UserId | None
    """Whose account; None = there is no such login."""
    login: str
    """Whose, also after the user is gone; empty if there is no such login."""
    what: str
    """A word: `signed_in`, `sign_in_failed`, `link_used` …"""
    detail: str = ""
    by: UserId | None = None
    """Who did it; None = the user, or whoever has the command line."""
    address: str = ""
    """From where; empty where nobody was on the line."""


class AccountRows(Protocol):
    """The rows as one transaction sees them. Nothing here decides; hashes are SHA-256 as 64 hexadecimal digits."""

    def user(self, user: UserId) -> User | None: ...
    def user_of_login(self, key: str) -> User | None: ...
    def user_of_agent(self, agent: AgentId) -> User | None: ...
    def users(self, customer: CustomerId | None, search: str, most: int) -> Sequence[User]:
        """By login; those of one customer, or whose login key or name has `search` in it."""

    def admins(self) -> Sequence[User]: ...
    def add_user(self, user: User, key: str) -> UserId:
        """The id in `user` is not looked at."""

    def change_user(self, user: User) -> None:
        """Everything but login, role, customer and agent, which stay for good."""

    def customer_of(self, number: str) -> CustomerId | None: ...
    def customer(self, customer: CustomerId) -> tuple[str, str] | None:
        """Number and name."""

    def has_agent(self, agent: AgentId) -> bool: ...

    def add_link(self, token: str, user: UserId, expires_at: datetime) -> None: ...
    def link(self, token: str) -> tuple[User, datetime] | None:
        """Whose link, and when it is over."""

    def drop_links(self, user: UserId) -> None: ...

    def add_session(self, token: str, session: StoredSession) -> None:
        """The id in `session` is not looked at."""

    def session(self, token: str) -> StoredSession | None: ...
    def sessions(self, user: UserId) -> Sequence[StoredSession]:
        """The one last in use first."""

    def seen(self, session: int, at: datetime) -> None: ...
    def act_for(self, session: int, customer: CustomerId | None) -> None: ...
    def drop_sessions(self, sessions: Sequence[int]) -> None: ...

    def tries(self, login: str, network: str, since: datetime) -> Tries: ...
    def add_failure(self, login: str, network: str, at: datetime) -> int: ...
    def is_of_code(self, failure: int) -> None:
        """It was a wrong code after the right password."""

    def drop_failure(self, failure: int) -> None: ...
    def drop_failures(self, login: str, network: str | None) -> None:
        """Those at this address, and all wrong codes; None = all of this login."""

    def forget_failures(self, before: datetime) -> None: ...

    def add_token(self, token: str, kept: ApiToken) -> None:
        """The id in `kept` is not looked at."""

    def token(self, token: str) -> tuple[User, ApiToken] | None: ...
    def tokens(self, user: UserId) -> Sequence[ApiToken]:
        """The newest first."""

    def token_used(self, token: int, at: datetime) -> None: ...
    def drop_token(self, token: int) -> None: ...

    def note(self, event: AccountEvent) -> None: ...
    def events(self, user: UserId | None, most: int) -> Sequence[AccountEvent]:
        """The latest first; None = everybody's."""

    def forget_events(self, before: datetime, most: int) -> int:
        """At most so many of the older ones; how many it were."""


class AccountStore(Protocol):
    """The store's view of who may sign in."""

    async def read(self, work: Callable[[AccountRows], T]) -> T:
        """Single looks at what is committed. Raises StoreError if the store cannot be reached."""

    async def write(self, work: Callable[[AccountRows], T]) -> T:
        """One transaction that no other of these overlaps; nothing of it stays if `work` raises. Else as `read`."""
