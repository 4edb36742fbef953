"""The web as users meet it: the application on a real port, a store with one customer, and people who can sign in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from fastapi import FastAPI

from engine.accounts import Role
from engine.main.assets import build
from engine.service.accounts import Accounts, Passwords
from engine.service.catalogue import CatalogueService
from engine.service.clock import SteadyClock
from engine.service.customers import CustomerService
from engine.service.incidents import Incidents
from engine.service.orders import Orders
from engine.service.support import Support
from engine.store.accounts import StoredAccounts
from engine.store.catalogue import StoredCatalogue
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.incidents import StoredIncidents
from engine.store.orders import StoredOrders
from engine.store.schema import upgrade
from engine.store.support import StoredSupport
from engine.terms import CustomerId
from engine.web.app import public_app
from engine.web.server import serve
from tests.catalogue import RULES

CATALOGUE = """
tariffs:
  - {name: day, hours: {mon-fri: ["08:00-18:00"]}}
customers:
  - {number: K1001, name: Bäckerei Korn, tariff: day, access_numbers: ["+49301000001"]}
  - {number: K1002, name: Kanzlei Lot, tariff: day, access_numbers: ["+49301000002"]}
"""
PASSWORD = "vier gruene Boote im Nebel"
LOGIN = "petra@korn.example"


@dataclass
class Office:
    """Where the pages are, and the services behind them."""

    url: str
    accounts: Accounts
    editing: CustomerService
    support: Support
    orders: Orders
    incidents: Incidents
    clock: SteadyClock
    database: Database
    app: FastAPI
    customers: dict[str, CustomerId] = field(default_factory=dict)

    async def hire(self, login: str, name: str, role: Role, customer: str = "", language: str = "de") -> str:
        """A new user; the path of the one-time link."""
        whose = self.customers[customer] if customer else None
        _, token = await self.accounts.add_user(login, name, role, whose, language=language)
        return f"/link/{token}"

    async def sign_up(self, login: str, name: str, role: Role, customer: str = "", language: str = "de") -> None:
        """A user who has chosen PASSWORD."""
        link = await self.hire(login, name, role, customer, language)
        await self.accounts.redeem(link.removeprefix("/link/"), PASSWORD)

    async def use_codes(self, login: str) -> pyotp.TOTP:
        """The user's app; the code of this half minute is used up."""
        user = await self.accounts.user_of(login)
        assert user
        secret = await self.accounts.begin_totp(user.id, PASSWORD)
        app = pyotp.TOTP(secret.secret)
        await self.accounts.confirm_totp(user.id, app.at(self.clock.now() - timedelta(seconds=app.interval)))
        return app


@contextlib.asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[Office]:
    """An office with its doors open, and one customer's user."""
    database = Database(f"sqlite:///{directory}/office.db")
    await upgrade(database)
    await CatalogueService(StoredCatalogue(database), RULES).import_text(CATALOGUE)
    clock = SteadyClock()
    fast = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts = Accounts(StoredAccounts(database), clock, fast)
    customers = CustomerService(StoredCustomerEntries(database), lambda: RULES, clock.now)
    support = Support(StoredSupport(database), lambda: RULES, clock.now)
    orders = Orders(StoredOrders(database), StoredCustomerEntries(database), clock.now)
    incidents = Incidents(StoredIncidents(database), lambda: RULES, clock.now)
    app = public_app(accounts, customers, support, orders, incidents, clock, lambda: True, build(), lambda: b"")
    office = Office("", accounts, customers, support, orders, incidents, clock, database, app)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        office.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = asyncio.create_task(serve(app, listener))
        for number in ("K1001", "K1002"):
            found = await accounts.customer_of(number)
            assert found
            office.customers[number] = found
        await office.sign_up(LOGIN, "Petra Korn", Role.CUSTOMER, "K1001")
        try:
            yield office
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await database.close()
