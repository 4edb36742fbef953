"""Pushover user keys are asked about when they are new, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from engine.service import catalogue_strangers
from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService, NoSuchCustomer
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from tests.catalogue import RULES, service_on
from tests.customers import MUSTER, NEXT, NOW, OWNER, SUPPORT, said, two_customers

GOOD, BAD, UNSURE = "g" * 30, "b" * 30, "x" * 30
ANSWERS: Mapping[str, bool | None] = {GOOD: True, BAD: False, UNSURE: None}


def contact(key: str, name: str = "Ida Kern", **more: Any) -> dict[str, Any]:
    return {"name": name, "notify": {"pushover": {"user": key}}, **more}


class Saving:
    """A service that asks about keys, and what it has asked."""

    def __init__(self, database: Database) -> None:
        self.asked: list[str] = []
        self.service = CustomerService(
            StoredCustomerEntries(database), lambda: RULES, lambda: NOW, is_pushover_user=self.is_user
        )

    async def is_user(self, key: str) -> bool | None:
        self.asked.append(key)
        return ANSWERS[key]

    async def save(self, changes: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What stands against it: path and code."""
        try:
            await self.service.save(MUSTER, changes, {}, SUPPORT)
        except Refused as refused:
            return said(refused)
        return []

    async def keys(self) -> list[str]:
        entry = await self.service.load(MUSTER)
        return [one.notify.pushover.user for one in entry.contacts if one.notify.pushover]


@pytest.fixture
async def saving(database: Database) -> Saving:
    await two_customers(database)
    return Saving(database)


STRANGER = [("contacts/Ida Kern/notify/pushover/user", "pushover.unknown")]


async def test_a_key_that_is_nobodys_is_refused_at_its_field(saving: Saving) -> None:
    assert await saving.save({"contacts": [contact(BAD)]}) == STRANGER
    assert await saving.save({"contacts/Ida Kern": contact(BAD)}) == STRANGER
    assert await saving.save({"contacts": [contact(BAD, phone="x")]}) == [
        *STRANGER,
        ("contacts/Ida Kern/phone", "number"),
    ]
    assert (saving.asked, await saving.keys()) == ([BAD] * 3, [])


async def test_a_key_is_asked_about_once(saving: Saving) -> None:
    assert await saving.save({"contacts": [contact(GOOD)]}) == []
    assert await saving.save({"contacts/Ida Kern/position": "Clerk"}) == []
    assert await saving.save({"contacts/Ida Kern/name": "Ida Korn", "instructions": "Be brief."}) == []
    assert (saving.asked, await saving.keys()) == ([GOOD], [GOOD])
    assert await saving.save({"contacts/Ida Korn/notify": {"pushover": {"user": BAD}}}) == [
        ("contacts/Ida Korn/notify/pushover/user", "pushover.unknown")
    ]
    assert (saving.asked, await saving.keys()) == ([GOOD, BAD], [GOOD])


async def test_where_nobody_can_say_it_is_saved(saving: Saving) -> None:
    assert await saving.save({"contacts": [contact(UNSURE)]}) == []
    assert await saving.keys() == [UNSURE]


@pytest.mark.parametrize("notify", [None, 7, {"pushover": "x"}, {"pushover": {"user": 7}}, {"pushover": {"user": "k"}}])
async def test_what_is_no_key_is_not_asked_about(saving: Saving, notify: Any) -> None:
    await saving.save({"contacts": [{"name": "Ida Kern", "notify": notify}, 7]})
    await saving.save({"contacts": notify})
    assert saving.asked == []


async def test_nobody_asks_for_a_customer_that_is_not_his(saving: Saving) -> None:
    with pytest.raises(NoSuchCustomer):
        await saving.service.save(NEXT, {"contacts": [contact(BAD)]}, {}, OWNER)
    assert saving.asked == []


async def test_a_new_customer_has_no_strangers_key(saving: Saving) -> None:
    values = {
        "number": "K7",
        "name": "Sieben",
        "tariff": "office",
        "contacts": [contact(BAD), contact(GOOD, "Jan Kern")],
    }
    with pytest.raises(Refused) as refused:
        await saving.service.create(values, OWNER)
    assert saving.asked == [], "who may make none asks for nothing"
    with pytest.raises(Refused) as refused:
        await saving.service.create(values, SUPPORT)
    assert said(refused.value) == STRANGER
    await saving.service.create({**values, "contacts": [contact(GOOD)]}, SUPPORT)


def file_of(*keys: str) -> str:
    told = [f"{{name: Kern {n}, notify: {{pushover: {{user: {key}}}}}}}" for n, key in enumerate(keys)]
    return "customers:\n- number: K7\n  name: Sieben\n  tariff: office\n  contacts:\n" + "".join(
        f"  - {one}\n" for one in told
    )


async def test_an_import_is_warned_of_new_keys_that_are_nobodys(saving: Saving, database: Database) -> None:
    catalogue = service_on(database)
    found, left = await catalogue.strangers(file_of(GOOD, BAD, BAD), saving.is_user)
    where = "customers[K7].contacts[{}].notify.pushover.user"
    assert [(one.line, one.field) for one in found] == [(7, where.format(1)), (8, where.format(2))]
    assert (left, saving.asked) == (0, [GOOD, BAD])
    await catalogue.import_text(file_of(GOOD, BAD))
    assert await catalogue.strangers(file_of(GOOD, BAD, UNSURE, "n" * 30), saving.is_user) == ([], 2)
    assert saving.asked == [GOOD, BAD, UNSURE], "what nobody can say is asked once"


async def test_an_import_with_thousands_of_keys_asks_for_some(
    saving: Saving, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def is_user(key: str) -> bool:
        nonlocal asked
        asked += 1
        if asked > 3:
            await asyncio.Event().wait()
        return True

    many = file_of(*(f"k{n:029}" for n in range(120)))
    monkeypatch.setattr(catalogue_strangers, "LONGEST", 0.05)
    assert await service_on(database).strangers(many, is_user) == ([], 117)
    asked = -1000
    assert await service_on(database).strangers(many, is_user) == ([], 20)
