"""What tests of accounts share: a clock that they turn, quick hashes, a service on a database with a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from engine.accounts import Role
from engine.service.accounts import Accounts, Passwords, SignedIn
from engine.store.accounts import StoredAccounts
from engine.store.database import Database
from engine.terms import CustomerId, UserId
from tests.catalogue import service_on

GOOD = "zuckerwatte-am-fluss"
BETTER = "nebel.ueber.dem.deich"
HERE, THERE = "192.0.2.1", "198.51.100.7"
CUSTOMERS = """\
agents: [{login: anna, name: Anna, phone: {kind: browser}}, {login: bert, name: Bert, phone: {kind: browser}}]
tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]
customers: [{number: K1, name: Muster GmbH, tariff: always}, {number: K2, name: Beispiel AG, tariff: always}]
"""


@dataclass
class TurnedClock:
    """Stands still until it is turned."""

    at: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def set(self) -> None:
        """It is right."""

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


def quick() -> Passwords:
    """Hashes that take no time."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class World:
    """Accounts on a database that has CUSTOMERS."""

    database: Database
    accounts: Accounts
    clock: TurnedClock
    passwords: Passwords
    k1: CustomerId
    k2: CustomerId

    @classmethod
    async def on(cls, database: Database, passwords: Passwords | None = None) -> World:
        await service_on(database).import_text(CUSTOMERS)
        clock, passwords = TurnedClock(), passwords or quick()
        accounts = Accounts(StoredAccounts(database), clock, passwords)
        k1, k2 = [await accounts.customer_of(number) for number in ("K1", "K2")]
        assert k1 and k2
        return cls(database, accounts, clock, passwords, k1, k2)

    async def has(self, login: str, role: Role = Role.SUPPORT, customer: CustomerId | None = None) -> UserId:
        """A user who has chosen GOOD as password."""
        user, link = await self.accounts.add_user(login, "Erika Wegner", role, customer)
        await self.accounts.redeem(link, GOOD)
        return user

    async def signs_in(
        self, login: str, password: str = GOOD, code: str | None = None, address: str = HERE
    ) -> SignedIn:
        return await self.accounts.sign_in(login, password, code, address=address, device="Firefox")

    async def told(self, user: UserId | None = None) -> list[tuple[str, str]]:
        """What is written down, in its order: what, and more."""
        return [(event.what, event.detail) for event in reversed(await self.accounts.events(user))]
