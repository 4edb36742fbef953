"""A demonstration beside real data touches the demo data alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import insert

from engine.accounts import Role
from engine.entries import AgentEntry, Catalogue, CustomerEntry, PhoneEntry
from engine.main import demo_messages, demo_users, show, where
from engine.main.demonstration import demo_part
from engine.main.stored import accounts_of, messages_of
from engine.ports import CallRecord
from engine.ports.messages import Wanted
from engine.service.clock import SteadyClock
from engine.settings import Settings
from engine.store.catalogue import StoredCatalogue
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.database import Database
from engine.store.listing import StoredListing
from engine.store.tables import calls as call_rows
from engine.terms import AgentId, CallId, PhoneKind, Treatment
from tests.catalogue import FIRST, service_on
from tests.customers import SUPPORT

TEXT = "agents: [{login: anna, name: Anna}]\ncustomers: [{number: K1, name: Muster, tariff: always}]\n"


def agent(login: str) -> AgentEntry:
    phone = PhoneEntry(kind=PhoneKind.REGISTERED, password=f"{login}-password")
    return AgentEntry(login=login, name=login.title(), phone=phone)


CATALOGUE = Catalogue(
    agents=(agent("anna"), agent("real")),
    customers=(
        CustomerEntry(number="K0", name="Real GmbH", tariff="always", access_numbers=("+4930123450",)),
        CustomerEntry(number="K1", name="Muster", tariff="always", access_numbers=("+4930123451",)),
    ),
)


def test_only_the_demo_datas_agents_and_customers_take_part() -> None:
    demo = demo_part(CATALOGUE, TEXT)
    assert (demo.agents, demo.customers) == (CATALOGUE.agents[:1], CATALOGUE.customers[1:])


class Stopped:
    def facts(self) -> dict[str, str]:
        return dict.fromkeys(("sip", "web", "switch", "home"), "here")


async def test_only_their_passwords_are_shown(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    more = "  - {login: agent3, name: Agent Three, phone: {kind: registered, password: an0ther-One}}\ntariffs:"
    await service_on(database).import_text(FIRST.replace("tariffs:", more, 1))
    tables: list[tuple[Any, ...]] = []
    monkeypatch.setattr(show, "table", lambda columns, rows, empty: tables.append((columns, list(rows))))
    listing = StoredListing(database)
    await where.tell(Stopped(), listing, passwords={"agent2"})  # type: ignore[arg-type]
    await where.tell(Stopped(), listing)  # type: ignore[arg-type]
    one = ("agent1", "Agent One", "german", PhoneKind.STATIC)
    two = ("agent2", "Agent Two", "english german", PhoneKind.REGISTERED)
    three = ("agent3", "Agent Three", "", PhoneKind.REGISTERED)
    columns = ("agent", "name", "skills", "phone")
    numbers = ("access number", "customer", "wait treatment", "tariff")
    assert tables[1:3] == [
        (numbers, [("+4930123450", "Muster GmbH", Treatment.DELAYED_CONNECT, "always")]),
        ((*columns, "password"), [(*one, ""), (*two, "s3cret-Phone"), (*three, "")]),
    ]
    assert tables[5] == (columns, [one, two, three])


async def test_much_is_counted_and_little_is_shown(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    agents = "".join(f"  - {{login: a{n:02}, name: A, phone: {{kind: browser}}}}\n" for n in range(where.MOST))
    await service_on(database).import_text(FIRST.replace("tariffs:", agents + "tariffs:", 1))
    listed, count = await StoredListing(database).agents(where.MOST)
    assert ([agent.login for agent in listed], count) == ([f"a{n:02}" for n in range(where.MOST)], where.MOST + 2)
    await where.tell(Stopped(), StoredListing(database))  # type: ignore[arg-type]
    assert f"… {where.MOST + 2} agents in all: `vorzimmer export` lists them" in capsys.readouterr().out


async def test_every_start_has_links_for_one_user_of_each_role(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await service_on(database).import_text(FIRST)
    demo = demo_part(await StoredCatalogue(database).load(), FIRST)
    accounts = accounts_of(database)

    async def told() -> dict[str, str]:
        await demo_users.tell(Settings(web_url="http://127.0.0.1:8081"), accounts, demo)
        return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[2:])

    first, second = await told(), await told()
    tokens = {login: url.removeprefix("http://127.0.0.1:8081/link/") for login, url in second.items()}
    opened = {login: await accounts.link(token) for login, token in tokens.items()}
    assert {login: (who.login, who.role, who.agent) for login, who in opened.items() if who} == {
        f"demo-{role}": (f"demo-{role}", role, "agent1" if role is Role.AGENT else None) for role in Role
    }
    customer = opened["demo-customer"]
    assert customer and customer.customer == await accounts.customer_of("K1001")
    old = [url.rpartition("/")[2] for url in first.values()]
    assert [await accounts.link(token) for token in old] == [None] * len(Role)


async def test_demo_users_who_cannot_be_or_are_disabled_get_no_link(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await service_on(database).import_text(FIRST)
    demo, accounts = demo_part(await StoredCatalogue(database).load(), FIRST), accounts_of(database)
    await accounts.add_user("anna", "Anna", Role.AGENT, agent=AgentId("agent1"))
    support, _ = await accounts.add_user("demo-support", "Demo Support", Role.SUPPORT)
    await accounts.disable(support)
    await demo_users.tell(Settings(), accounts, demo)
    told = [line for line in capsys.readouterr().out.splitlines()[2:] if "/link/" not in line]
    assert told == ["demo-agent       this agent has a user already", "demo-support     is disabled"]


async def test_a_second_start_takes_no_message_again(database: Database) -> None:
    await service_on(database).import_text(FIRST)
    demo, accounts = demo_part(await StoredCatalogue(database).load(), FIRST), accounts_of(database)
    clock, calls = SteadyClock(), StoredCustomerCalls(database)
    messages = messages_of(Settings(), database, clock)
    key = await accounts.customer_of("K1001")
    assert key
    await demo_messages.take(messages, calls, accounts, demo, clock.now())
    first = await messages.page(key, Wanted(), 9, SUPPORT)
    call = CallRecord(CallId("vz-1"), "1", None, key, caller=None, line=None, arrived_at=clock.now(), outcome="closed")
    async with database.writing() as connection:
        await connection.execute(insert(call_rows).values(asdict(call)))
    await demo_messages.take(messages, calls, accounts, demo, clock.now())
    assert [one.slip.caller_name for one in first] == ["Frau Krüger", "Herr Albers", "Frau Yılmaz", ""]
    assert await messages.page(key, Wanted(), 9, SUPPORT) == first
