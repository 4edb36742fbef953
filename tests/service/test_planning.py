"""How a message goes on its way: to whom, by what and when; who stands in; and who is alarmed next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.entries import CustomerEntry
from engine.message.slip import Slip, Urgency
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery
from engine.ports.outbox import Parcel
from engine.service.alarming import Alarming
from engine.service.planning import planned
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.terms import AgentId, CustomerId
from tests.catalogue import service_on
from tests.deliveries import put

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
KORN = CustomerId(1)
EVA: dict[str, Any] = {
    "name": "Eva Korn",
    "notify": {
        "mail": ["eva@korn.example", "team@korn.example"],
        "sms": "+491713920011",
        "pushover": {"user": "u" * 30, "level": "emergency", "retry": 30, "expire": 600, "next": "Ida Weg"},
        "fax": "+493023125019",
        "off": ["sms"],
    },
}
IDA: dict[str, Any] = {
    "name": "Ida Weg",
    "notify": {"mail": ["team@korn.example"], "pushover": {"user": "i" * 30, "level": "high"}},
}
AWAY = {"until": "2026-11-20 13:00", "deputy": "Ida Weg"}


def slip(contact: str | None, urgency: Urgency = Urgency.NORMAL) -> Slip:
    return Slip(AgentId("anna"), "Anna Lindner", NOON, contact=contact, text="Ofen", urgency=urgency)


def customer(*contacts: dict[str, Any]) -> CustomerEntry:
    told = {"number": "K1", "name": "Korn", "tariff": "day", "contacts": list(contacts)}
    return CustomerEntry.model_validate(told)


def ways(entry: CustomerEntry, contact: str | None, now: datetime = NOON) -> list[tuple[str, str, str]]:
    return [(one.recipient, one.means.value, one.address) for one in planned(entry, slip(contact), now)]


def test_an_emergency_and_what_rings_as_one_are_urgent_and_nothing_else_is() -> None:
    kim: dict[str, Any] = {"name": "Kim Ost", "notify": {"mail": ["kim@korn.example"], "pushover": {"user": "k" * 30}}}
    rings = {**kim, "notify": {**kim["notify"], "pushover": {"user": "k" * 30, "level": "emergency"}}}
    urgent = [
        [one.is_urgent for one in planned(customer(whom), slip("Kim Ost", urgency), NOON)]
        for whom, urgency in ((kim, Urgency.NORMAL), (kim, Urgency.EMERGENCY), (rings, Urgency.NORMAL))
    ]
    assert urgent == [[False, False], [True, True], [False, True]]


def test_5_2_3_every_option_that_is_active_and_each_address_is_a_delivery_of_its_own() -> None:
    found = planned(customer(EVA, IDA), slip("Eva Korn"), NOON)
    assert [(one.recipient, one.means.value, one.address) for one in found] == [
        ("Eva Korn", "mail", "eva@korn.example"),
        ("Eva Korn", "mail", "team@korn.example"),
        ("Eva Korn", "pushover", "u" * 30),
        ("Eva Korn", "fax", "+493023125019"),
    ]
    assert found[2].options == {"level": "emergency", "retry": 30, "expire": 600, "next": "Ida Weg"}
    assert {one.due for one in found} == {NOON + timedelta(seconds=10)}


def test_an_emergency_waits_for_nothing() -> None:
    found = planned(customer(IDA), slip("Ida Weg", Urgency.EMERGENCY), NOON)
    assert [one.due for one in found] == [NOON, NOON]


def test_5_2_3_a_message_for_everybody_goes_to_each_address_once() -> None:
    assert ways(customer(EVA, IDA), None) == [
        ("Eva Korn", "mail", "eva@korn.example"),
        ("Eva Korn", "mail", "team@korn.example"),
        ("Eva Korn", "pushover", "u" * 30),
        ("Eva Korn", "fax", "+493023125019"),
        ("Ida Weg", "pushover", "i" * 30),
    ]
    assert ways(customer(), None) == []


@pytest.mark.parametrize(
    ("wish", "minutes", "names"),
    [
        ("contact", 0, {"Eva Korn"}),
        ("deputy", 0, {"Ida Weg"}),
        ("both", 0, {"Eva Korn", "Ida Weg"}),
        ("deputy", 60, {"Eva Korn"}),
    ],
)
def test_5_2_2_an_absent_contacts_messages_go_where_it_wishes(wish: str, minutes: int, names: set[str]) -> None:
    entry = customer({**EVA, "absence": {**AWAY, "messages": wish}}, IDA)
    assert {name for name, _, _ in ways(entry, "Eva Korn", NOON + timedelta(minutes=minutes))} == names


CATALOGUE = f"""
tariffs: [{{name: day, hours: {{mon-fri: ["08:00-18:00"]}}}}]
customers:
  - number: K1
    name: Korn
    tariff: day
    contacts:
      - {{name: Eva Korn, notify: {{pushover: {{user: {"u" * 30}, level: emergency, next: Ida Weg}}}}}}
      - {{name: Ida Weg, notify: {{pushover: {{user: {"i" * 30}, level: emergency}}}}}}
"""


class Alarm:
    """An emergency to Eva that has failed."""

    def __init__(self, database: Database, message: int) -> None:
        self.database, self.message = database, message
        self.alarming = Alarming(StoredMessages(database), StoredCustomerEntries(database))

    async def was(self, recipient: str, state: DeliveryState, means: Means = Means.PUSHOVER) -> None:
        await put(self.database, self.message, Delivery(means, recipient, "x", state, NOON))

    async def after(
        self, means: Means = Means.PUSHOVER, failed: str = "Eva Korn", **options: Any
    ) -> list[tuple[str, str, datetime]]:
        who = (1, "k", means, failed, "x", options, KORN, "Korn", self.message, slip(None), 1)
        found = await self.alarming.after(Parcel(*who), NOON)
        return [(one.recipient, one.address, one.due) for one in found]


async def alarm(database: Database) -> Alarm:
    await service_on(database).import_text(CATALOGUE)
    message, _ = await StoredMessages(database).add(KORN, "a", slip("Eva Korn"))
    return Alarm(database, message)


async def test_5_2_3_3_after_an_emergency_the_next_in_the_chain_is_alarmed_once(database: Database) -> None:
    given = await alarm(database)
    await given.was("Eva Korn", DeliveryState.FAILED)
    assert await given.after(level="emergency") == [("Ida Weg", "i" * 30, NOON)]
    for other in (given.after(level="high"), given.after(Means.SMS, level="emergency"), given.after()):
        assert await other == []
    await given.was("Ida Weg", DeliveryState.FAILED)
    assert await given.after(level="emergency") == []


async def test_5_2_3_3_where_the_deputys_chain_ends_the_absent_contacts_goes_on(database: Database) -> None:
    given = await alarm(database)
    kim = f"""{CATALOGUE}      - {{name: Kim Ost, notify: {{pushover: {{user: {"k" * 30}, level: emergency}}}}}}
"""
    away = "{name: Eva Korn, absence: {deputy: Kim Ost, messages: deputy}, "
    await service_on(database).import_text(kim.replace("{name: Eva Korn, ", away))
    await given.was("Kim Ost", DeliveryState.FAILED)
    assert await given.after(failed="Kim Ost", level="emergency") == [("Ida Weg", "i" * 30, NOON)]


async def test_5_2_3_3_once_somebody_has_acknowledged_it_nobody_is_alarmed_any_more(database: Database) -> None:
    given = await alarm(database)
    await given.was("Somebody", DeliveryState.ACKNOWLEDGED)
    assert await given.after(level="emergency") == []


async def test_a_message_that_is_gone_alarms_nobody(database: Database) -> None:
    given = await alarm(database)
    given.message += 1
    assert await given.after(level="emergency") == []
