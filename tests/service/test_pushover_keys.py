"""Pushover user keys are asked about when they are new, and only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService, NoSuchCustomer
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from tests.catalogue import RULES
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
