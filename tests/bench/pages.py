"""`python -m tests.bench.pages`: how long pages and the API take on the server among 100,000 customers.

Rule of this file: every page that can be opened by its address is asked, as the routes have it; what is new is measured
without being named here. The time is the application's own, from the request to the last byte of the answer: without
the network and the HTTP server's reading, with everything between (guards, session, store, template, compression).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import func, insert, select, text

from engine.accounts import Role
from engine.entries import Changes, CustomerEntry, TariffEntry
from engine.entries.catalogue import KeyedEntry
from engine.main.assets import build
from engine.message.slip import Slip
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database
from engine.store.message_rows import message_row
from engine.store.schema import upgrade
from engine.store.tables import messages
from engine.terms import AgentId, CustomerId
from engine.web.api.problems import V1
from engine.web.app import public_app
from engine.web.session import SESSION
from tests.bench.figures import percentile
from tests.bench.machine import description
from tests.postgres import postgres_server
from tests.web.office import services_on

PAGE = Path(__file__).parents[2] / "docs" / "bench" / "pages.md"
BAR = 100.0
"""Milliseconds that the 95th percentile may take."""
_PASSWORD = "vier gruene Boote im Nebel"
_CUSTOMER, _SUPPORT = "petra@customer.example", "ines@support.example"
_CONTACTS = ("Eva Brandt", "Jan Kern", "Ida Sommer")
_NOT_PAGES = re.compile(r"/(static/.*|metrics|health|link/.*)|.*/events|.*\.csv")
MANY, FEW = 5000, 20
"""Messages of the customer that asks, and of each of its neighbours."""
_MESSAGES = ("/messages?text=", f"{V1}/messages?text=")
_WORDS = ("Krüger 4990", "030 3 0004990", "nobody is called so")
_SEARCHES = ("Muster 54321", "K54321", "030 1 054321", "54321", "GmbH", "nobody is called so")

_HOW = """\
The time is that of the application, from the request to the last byte of the answer, one request at a time, in turn;
without the network. Tables to take away are not among them: they come row by row. Every customer has three contacts,
company data and an answer; petra's has 5,000 messages, a hundred others have 20 each. petra is a customer's user, ines
is support. PostgreSQL runs on the same machine, without waiting for the disk (`fsync=off`), so of a `PATCH` there
the disk is not in it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `who`: a session's or token's login; empty for a stranger."""

    method: str
    path: str
    who: str = ""
    body: Any = None


@dataclass
class Site:
    """The application on one store, with a session and a token of each user."""

    app: FastAPI
    number: str
    """Of the customer whose user asks."""
    message: int
    """One of its messages."""
    sessions: dict[str, str]
    tokens: dict[str, str]

    async def asks(self, request: Request) -> tuple[int, float]:
        """Status and milliseconds."""
        place, begun, status = urlsplit(request.path), 0.0, 0
        body = json.dumps(request.body).encode() if request.body is not None else b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        scope = {
            "type": "http", "method": request.method, "path": place.path, "raw_path": place.path.encode(),
            "query_string": place.query.encode(), "headers": self._headers(request), "scheme": "http",
            "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.4"},  # an older one would ask us for ever who has hung up
        }  # fmt: skip
        begun = time.perf_counter()
        await self.app(scope, receive, send)
        return status, (time.perf_counter() - begun) * 1000

    def _headers(self, request: Request) -> list[tuple[bytes, bytes]]:
        headers = {"accept-encoding": "gzip", "content-type": "application/json"}
        if request.who and request.path.startswith("/api/"):
            headers["authorization"] = f"Bearer {self.tokens[request.who]}"
        elif request.who:
            headers["cookie"] = f"{SESSION}={self.sessions[request.who]}"
        return [(name.encode(), value.encode()) for name, value in headers.items()]

    async def requests(self) -> list[Request]:
        """Every page that opens, as whoever may open it, and what the API does."""
        found = [await self._first(path) for path in self._paths()]
        change = [{"changes": {"instructions": f"Bitte {n}"}} for n in ("siezen", "duzen")]
        return [
            *filter(None, found),
            *(Request("GET", place + quote(words), _SUPPORT) for place in self._searches() for words in _SEARCHES),
            *(Request("GET", place + quote(words), _CUSTOMER) for place in _MESSAGES for words in _WORDS),
            *(Request("PATCH", f"{V1}/customer", _CUSTOMER, body) for body in change),
        ]

    def _searches(self) -> list[str]:
        """Where support finds customers."""
        return ["/support?q="] * ("/support" in self._paths()) + [f"{V1}/customers?search="]

    def _paths(self) -> Iterator[str]:
        filled = {"name": quote(_CONTACTS[0]), "number": self.number, "kind": "refused", "message": str(self.message)}
        for route in iter_route_contexts(self.app.routes):
            path = (route.path or "").replace(":path}", "}")
            if "GET" in (route.methods or ()) and not _NOT_PAGES.fullmatch(path):
                yield re.sub(r"{(\w+)}", lambda match: filled.get(match[1], match[1]), path)

    async def _first(self, path: str) -> Request | None:
        for who in ("", _CUSTOMER, _SUPPORT):
            request = Request("GET", path, who)
            if (await self.asks(request))[0] == 200:
                return request
        return None


@dataclass(frozen=True, slots=True)
class Measured:
    """The times of one request in milliseconds, by database."""

    request: Request
    times: dict[str, list[float]]


@asynccontextmanager
async def site(url: str, customers: int) -> AsyncIterator[Site]:
    """A store at that URL with so many customers, and two users."""
    database = Database(url)
    await upgrade(database)
    await _fill(database, customers)
    number = f"K{customers // 2}"
    services = services_on(database, Path(tempfile.gettempdir()))
    accounts = services.accounts
    app = public_app(services, build(), lambda: b"")
    whose = await accounts.customer_of(number)
    assert whose
    made = Site(app, number, await _fill_messages(database, whose), {}, {})
    for login, role, customer in ((_CUSTOMER, Role.CUSTOMER, whose), (_SUPPORT, Role.SUPPORT, None)):
        user, link = await accounts.add_user(login, "Petra Sommer", role, customer)
        await accounts.redeem(link, _PASSWORD)
        made.tokens[login] = await accounts.new_token(user, "bench", 1)
        signed = await accounts.sign_in(login, _PASSWORD, address="127.0.0.1", device="bench")
        made.sessions[login] = signed.token
    yield made
    await database.close()


async def _fill(database: Database, customers: int) -> None:
    tariff = TariffEntry.model_validate({"name": "always", "hours": {"mon-sun": ["00:00-24:00"]}})
    whole = CustomerEntry.model_validate({
        "number": "K", "name": "Muster", "tariff": "always", "lines": ["+493023125001"],
        "greeting": "Muster GmbH, mein Name ist {agent}, guten Tag.", "instructions": "Bitte siezen. " * 20,
        "company": {"name": "Muster GmbH", "address": "Musterweg 1, 10115 Berlin", "description": "Handel. " * 40},
        "faq": [{"heading": "Öffnungszeiten", "text": "Montag bis Freitag"}],
        "contacts": [
            {"name": name, "tasks": "Verkauf", "notify": {"mail": ["info@muster.example"]}} for name in _CONTACTS
        ],
    })  # fmt: skip
    (line,) = whole.lines
    put: dict[tuple[str, str], KeyedEntry] = {("tariffs", "always"): tariff}
    for n in range(customers):
        own = {
            "number": f"K{n}",
            "name": f"Muster {n} GmbH",
            "access_numbers": (f"+49301{n:07}",),
            "lines": (line.model_copy(update={"number": f"+49302{n:07}"}),),
        }
        put["customers", f"K{n}"] = whole.model_copy(update=own)
    await StoredCatalogue(database).change(lambda _stored: Changes(put))
    async with database.writing() as connection:
        await connection.execute(text("ANALYZE"))


async def _fill_messages(database: Database, customer: CustomerId) -> int:
    """MANY for the customer that asks, a few for each of its neighbours; the id of the customer's last one."""
    whose = {CustomerId(customer + n): MANY if n == 0 else FEW for n in range(-50, 51)}
    slips = [(key, _slip(n)) for key, count in whose.items() for n in range(count)]
    rows = [message_row(key, f"bench-{n}", slip, "49") for n, (key, slip) in enumerate(slips)]
    async with database.writing() as connection:
        for begin in range(0, len(rows), 500):
            await connection.execute(insert(messages), rows[begin : begin + 500])
        await connection.execute(text("ANALYZE"))
        own = select(func.max(messages.c.id)).where(messages.c.customer == customer)
        return int((await connection.execute(own)).scalar_one())


def _slip(n: int) -> Slip:
    """The n-th last message."""
    return Slip(
        AgentId("anna"), "Anna Lindner", datetime.now(UTC) - timedelta(minutes=7 * n), contact=_CONTACTS[0],
        caller_name=f"Jan Krüger {n}", number=f"+49303{n:07}", subject=f"Rechnung {n}",
        text="Bitte um Rückruf wegen der Lieferung. " * 8,
    )  # fmt: skip


async def measured(databases: dict[str, str], customers: int, rounds: int) -> list[Measured]:
    """Each request so often on each database."""
    found: dict[Request, dict[str, list[float]]] = {}
    for name, url in databases.items():
        print(f"{name}: {customers} customers")
        async with site(url, customers) as on:
            requests = await on.requests()
            for request in [*requests, *requests]:
                await on.asks(request)
            for request in requests * rounds:
                status, took = await on.asks(request)
                assert status == 200, (status, request)
                found.setdefault(_key(request), {}).setdefault(name, []).append(took)
    return [Measured(request, times) for request, times in found.items()]


def _key(request: Request) -> Request:
    return Request(request.method, request.path, request.who)


def report(results: list[Measured], databases: dict[str, str], customers: int) -> str:
    """The page."""
    heads = [f"{name} {figure}" for name in databases for figure in ("median", "p95")]
    rows, late = [], 0
    for one in results:
        cells = []
        for name in databases:
            times = one.times.get(name, [])
            late += percentile(times, 0.95) > BAR
            cells += [f"{percentile(times, 0.5):.1f} ms", f"{percentile(times, 0.95):.1f} ms"]
        who = one.request.who.partition("@")[0] or "anybody"
        rows.append([f"`{one.request.method} {one.request.path}`", who, *cells])
    machine = {key: value for key, value in description().items() if key not in ("Asterisk", "SIPp")}
    machine["Load, of which 1 is ours"] = f"{os.getloadavg()[0]:.1f} in the last minute"
    missed = f"**Missed by {late}.**" if late else "Met by all."
    return "\n\n".join([
        f"# Bench: pages and API among {customers:,} customers",
        f"Measured {date.today()} by `python -m tests.bench.pages`, which writes this page.",
        _table(["machine", ""], [[key, value] for key, value in machine.items()]),
        f"Bar: 95 of 100 requests within {BAR:.0f} ms. {missed}",
        _table(["request", "as", *heads], rows),
        _HOW,
    ]) + "\n"  # fmt: skip


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


async def _main(customers: int, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as home, postgres_server() as server:
        databases = {"SQLite": f"sqlite:///{home}/pages.db", "PostgreSQL": f"{server}postgres"}
        results = await measured(databases, customers, rounds)
    return report(results, databases, customers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    given.page.write_text(asyncio.run(_main(given.customers, given.rounds)), "utf-8")
    print(given.page)
