"""A demonstration beside real data touches the demo data alone."""

from __future__ import annotations

from typing import Any

import pytest

from engine.entries import AgentEntry, Catalogue, CustomerEntry, PhoneEntry
from engine.main import show, where
from engine.main.demonstration import demo_part
from engine.terms import PhoneKind

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


def test_only_their_passwords_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[tuple[Any, ...]] = []
    monkeypatch.setattr(show, "table", lambda columns, rows, empty: tables.append((columns, list(rows))))
    where.tell(Stopped(), CATALOGUE, passwords={"anna"})  # type: ignore[arg-type]
    where.tell(Stopped(), CATALOGUE)  # type: ignore[arg-type]
    kind = PhoneKind.REGISTERED
    assert [tables[2], tables[5]] == [
        (
            ("agent", "name", "skills", "phone", "password"),
            [("anna", "Anna", "", kind, "anna-password"), ("real", "Real", "", kind, "")],
        ),
        (("agent", "name", "skills", "phone"), [("anna", "Anna", "", kind), ("real", "Real", "", kind)]),
    ]
