"""The web as users meet it: the application on a real port, a store with one customer, and people who can sign in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import insert

from engine.accounts import Identity, Role
from engine.entries import CustomerEntry
from engine.main.assets import build
from engine.main.listening import InstalledSounds
from engine.main.studio import PlainStudio
from engine.message.slip import Slip
from engine.message.states import Means
from engine.ports import CallAttempt, CallRecord
from engine.ports.messages import Delivery
from engine.ports.phones import PhoneLine
from engine.service.accounts import Accounts, Passwords
from engine.service.announcements import Announcements
from engine.service.blocking import Blocking
from engine.service.browser_phones import BrowserPhones
from engine.service.catalogue import CatalogueService
from engine.service.clock import SteadyClock
from engine.service.customers import CustomerService
from engine.service.days import Days
from engine.service.desk import Desk
from engine.service.incidents import Incidents
from engine.service.messages import Messages
from engine.service.newsroom import Newsroom
from engine.service.orders import Orders
from engine.service.people import People
from engine.service.summaries import Summaries
from engine.service.supervision import Leading
from engine.service.support import Support
from engine.service.tryouts import Tryouts
from engine.settings import Settings
from engine.store.accounts import StoredAccounts
from engine.store.agent_days import StoredAgentDays
from engine.store.agents import StoredAgents
from engine.store.announcements import StoredAnnouncements
from engine.store.catalogue import StoredCatalogue
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.floor_days import StoredFloorDays
from engine.store.incidents import StoredIncidents
from engine.store.messages import StoredMessages
from engine.store.news import StoredNews
from engine.store.notices import StoredNotices
from engine.store.orders import StoredOrders
from engine.store.people import StoredPeople
from engine.store.spam import StoredSpam
from engine.store.support import StoredSupport
from engine.store.tables import call_attempts, call_trail
from engine.store.tables import calls as call_rows
from engine.terms import E164, AgentId, CallId, CustomerId, LegId, UserId
from engine.web.app import public_app
from engine.web.page import Services
from engine.web.server import serve
from engine.web.tls import Tls
from pbx.runtime.own_sounds import OwnSounds
from pbx.runtime.settings import SwitchSettings
from tests.catalogue import RULES
from tests.deliveries import put
from tests.empty_store import empty_store
from tests.talks import had_talks
from tests.web.desks import FakePhoneLine
from tests.web.floor import FakeSupervision
from tests.web.persons import persons_on
from tests.web.switchboard import Board
from tests.web.ways_out import transfers_on

CATALOGUE = """
trunks: [{name: carrier, match: [192.0.2.10]}]
agents: [{login: anna, name: Anna Lindner, phone: {kind: browser}}]
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
    announcements: Announcements
    messages: Messages
    blocking: Blocking
    clock: SteadyClock
    database: Database
    app: FastAPI
    live: list[CallRecord]
    """Calls that are not over."""
    people: People
    board: Board
    desks: FakeSupervision
    """The telephone system at agents' desks: nobody works yet."""
    phone_line: FakePhoneLine
    """The same for browsers that are phones."""
    customers: dict[str, CustomerId] = field(default_factory=dict)

    async def hire(self, login: str, name: str, role: Role, customer: str = "", language: str = "de") -> str:
        """A new user, an agent's as the agent named before the @; the path of the one-time link."""
        whose = self.customers[customer] if customer else None
        agent = AgentId(login.partition("@")[0]) if role is Role.AGENT else None
        _, token = await self.accounts.add_user(login, name, role, whose, agent, language)
        return f"/link/{token}"

    async def sign_up(self, login: str, name: str, role: Role, customer: str = "", language: str = "de") -> None:
        """A user who has chosen PASSWORD."""
        link = await self.hire(login, name, role, customer, language)
        await self.accounts.redeem(link.removeprefix("/link/"), PASSWORD)

    def a_call(self, customer: str, call: str, arrived_at: datetime, **more: Any) -> CallRecord:
        """A call of this customer; unless said otherwise it was answered by nobody."""
        told: dict[str, Any] = {"dialled": "49301000001", "access_number": None, "caller": "+4930555", "line": None}
        return CallRecord(
            id=CallId(call), customer=self.customers[customer], arrived_at=arrived_at,
            **{**told, "outcome": "abandoned", **more},
        )  # fmt: skip

    async def had_call(self, customer: str, call: str, arrived_at: datetime, **more: Any) -> CallRecord:
        """Such a call, over since long."""
        record = self.a_call(customer, call, arrived_at, **more)
        async with self.database.writing() as connection:
            await connection.execute(insert(call_rows).values(asdict(record)))
        await had_talks(self.database, asdict(record))
        return record

    async def dialled(
        self, customer: str, call: str, contact: str, number: str, at: datetime, result: str,
        joined_at: datetime | None = None, seconds: float = 0, apart_ms: int = 0,
    ) -> None:  # fmt: skip
        """To put the caller of this call through; talked from `joined_at` on."""
        ended = (joined_at or at) + timedelta(seconds=seconds)
        told = CallAttempt(
            LegId(f"{call}-{number}"), CallId(call), self.customers[customer], contact, E164(number), "carrier",
            "announced", at, None, joined_at, joined_at, ended, result, None, apart_ms,
        )  # fmt: skip
        async with self.database.writing() as connection:
            await connection.execute(insert(call_attempts).values(asdict(told)))

    async def took(self, customer: str, taken_at: datetime, **more: Any) -> int:
        """A message of this customer, as Anna wrote it down; for everybody unless said otherwise; `sent` to nobody."""
        slip = Slip(AgentId("anna"), "Anna Lindner", taken_at, **{"text": "Der Ofen ist kalt.", **more})
        return await self.messages.take(self.customers[customer], uuid4().hex, slip, delivers=False)

    async def sent(self, customer: str, message: int, *deliveries: Delivery) -> None:
        """It goes to somebody on these ways."""
        assert await StoredMessages(self.database).find(self.customers[customer], message)
        await put(self.database, message, *deliveries)

    async def entry(self, number: str) -> CustomerEntry:
        """The customer as it stands now."""
        return await self.editing.load(self.customers[number])

    async def set(self, number: str, changes: Mapping[str, Any]) -> None:
        """Somebody of support has written this."""
        ines = Identity(UserId(1), "ines", "Ines Sommer", Role.SUPPORT)
        await self.editing.save(self.customers[number], changes, {}, ines)

    async def happened(self, call: str, n: int, at: datetime, what: str, detail: str = "") -> None:
        """The n-th thing that happened in that call."""
        async with self.database.writing() as connection:
            await connection.execute(insert(call_trail).values(call=call, n=n, at=at, what=what, detail=detail))

    async def use_codes(self, login: str) -> pyotp.TOTP:
        """The user's app; the code of this half minute is used up."""
        user = await self.accounts.user_of(login)
        assert user
        secret = await self.accounts.begin_totp(user.id, PASSWORD)
        app = pyotp.TOTP(secret.secret)
        await self.accounts.confirm_totp(user.id, app.at(self.clock.now() - timedelta(seconds=app.interval)))
        return app


def services_on(
    database: Database,
    home: Path,
    live: Sequence[CallRecord] = (),
    board: Board | None = None,
    desks: FakeSupervision | None = None,
    switch: str = "ws://127.0.0.1:9/ws",
    phone_line: PhoneLine | None = None,
) -> Services:
    """Everything behind the pages, on this store; passwords are hashed quickly. `live`: calls that are not over."""
    clock = SteadyClock()
    fast = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    entries = StoredCustomerEntries(database)
    customers = CustomerService(entries, lambda: RULES, clock.now)
    messages = Messages(StoredMessages(database), entries, clock.now)
    floor = desks or FakeSupervision()
    transfers = transfers_on(database, customers, clock)
    return Services(
        accounts=Accounts(StoredAccounts(database), clock, fast),
        customers=customers,
        calls=StoredCustomerCalls(database),
        messages=messages,
        summaries=Summaries(StoredNotices(database), clock.now),
        tryouts=Tryouts(StoredNotices(database), entries, clock.now, lambda: [Means.FAX]),
        # Of an installation whose switch is somebody else's: there is no usual music to listen to.
        sounds=InstalledSounds(Settings(home=home), None),
        announcements=Announcements(
            StoredAnnouncements(database), PlainStudio(), OwnSounds(SwitchSettings(home)), clock.now
        ),
        support=Support(StoredSupport(database), lambda: RULES, clock.now),
        orders=Orders(StoredOrders(database), entries, clock.now),
        incidents=Incidents(StoredIncidents(database), lambda: RULES, clock.now),
        people=People(StoredPeople(database), board or Board(), lambda: RULES),
        desk=Desk(floor, customers, messages, StoredDesk(database), clock.now, RULES.classes, transfers=transfers),
        leading=Leading(floor, StoredFloorDays(database), clock.now),
        days=Days(StoredAgentDays(database), clock.now, 180),
        news=Newsroom(StoredNews(database), clock.now, floor.board.stirred),
        blocking=Blocking(StoredSpam(database), customers, clock.now),
        persons=persons_on(database, clock),
        phones=BrowserPhones(StoredAgents(database), switch),
        phone_line=phone_line or FakePhoneLine(),
        clock=clock,
        live=lambda customer: [call for call in live if call.customer == customer],
        ready=lambda: floor.is_there,
    )


@contextlib.asynccontextmanager
async def opened(directory: Path, tls: Tls | None = None) -> AsyncIterator[Office]:
    """An office with its doors open, and one customer's user."""
    database = Database(await empty_store(directory / "office.db"))
    await CatalogueService(StoredCatalogue(database), RULES).import_text(CATALOGUE)
    live: list[CallRecord] = []
    board, desks, phone_line = Board(), FakeSupervision(), FakePhoneLine()
    services = services_on(database, directory / "home", live, board, desks, phone_line=phone_line)
    app = public_app(services, build(), lambda: b"", is_trusted=not (tls and tls.is_own))
    clock = services.clock
    assert isinstance(clock, SteadyClock)
    own = (
        services.customers,
        services.support,
        services.orders,
        services.incidents,
        services.announcements,
        services.messages,
        services.blocking,
    )
    office = Office("", services.accounts, *own, clock, database, app, live, services.people, board, desks, phone_line)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        office.url = f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
        serving = asyncio.create_task(serve(app, listener, tls))
        for number in ("K1001", "K1002"):
            found = await services.accounts.customer_of(number)
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
