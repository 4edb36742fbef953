"""Callers whom agents have marked are suggested to the customer, who decides; who is needed is never suggested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.accounts import Role
from engine.ports.desk import NoMessage
from engine.ports.spam import SpamMark
from engine.service.blocking import Blocking, Suggestion
from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService, NoSuchCustomer
from engine.store.database import Database
from engine.store.spam import StoredSpam
from engine.terms import AgentId, CustomerId, NotANumber
from tests.customers import MUSTER, NEXT, NOW, OWNER, SUPPORT, said, somebody, two_customers

SALES, ROBOT = "+493099881", "+493099882"


class Marked(StoredSpam):
    """A store in which these calls were marked; how marks are read is the store's own test."""

    def __init__(self, database: Database, *marks: SpamMark) -> None:
        super().__init__(database)
        self.all = list(marks)

    async def marks(self, customer: CustomerId | None, since: datetime, limit: int) -> Sequence[SpamMark]:
        found = [one for one in self.all if one.at >= since and customer in (None, one.customer)]
        return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def mark(caller: str, days: float = 1, agent: str = "anna", customer: CustomerId = MUSTER) -> SpamMark:
    """A call that this agent has closed as spam so many days ago."""
    number, name = ("K1001", "Muster GmbH") if customer == MUSTER else ("K1002", "Next GmbH")
    at = NOW - timedelta(days=days)
    return SpamMark(customer, number, name, caller, at, AgentId(agent), agent.title(), NoMessage.SALES)


async def blocking(database: Database, *marks: SpamMark) -> tuple[Blocking, CustomerService, Marked]:
    customers, store = await two_customers(database), Marked(database, *marks)
    return Blocking(store, customers, lambda: NOW), customers, store


async def test_two_agents_marks_in_two_spellings_are_one_suggestion(database: Database) -> None:
    marks = (mark(SALES, 3), mark("030 99881", 1, "ben"), mark("004930 99881", 91), mark(ROBOT, 2))
    service, _, _ = await blocking(database, *marks, mark(ROBOT, 1, customer=NEXT))
    assert list(await service.suggestions(MUSTER, OWNER)) == [
        Suggestion(SALES, 2, NOW - timedelta(days=1), "Ben", NoMessage.SALES),  # type: ignore[arg-type]
        Suggestion(ROBOT, 1, NOW - timedelta(days=2), "Anna", NoMessage.SALES),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(
    "caller",
    [
        "anonymous", "testcall", "+493023125001", "030 123450", "+4930123460", "0171 3920001", "030 23125061",
        "030 23125062", "030 23125063", "110", "112", "030 110",
    ],
)  # fmt: skip
async def test_who_is_needed_or_ours_or_hidden_is_never_suggested(database: Database, caller: str) -> None:
    service, customers, _ = await blocking(database, mark(caller), mark(SALES, 2))
    changes = {
        "vip_notes": [{"who": "Herr Albers", "numbers": ["030 23125061"], "message": "Fertig."}],
        "contacts/Eva Brandt/transfer": {"targets": ["030 23125062"]},
        "company/phone": "030 23125063",
    }
    await customers.save(MUSTER, changes, {}, SUPPORT)
    assert [one.number for one in await service.suggestions(MUSTER, OWNER)] == [SALES]
    assert [one.number for one in await service.everywhere()] == [SALES]


async def test_what_is_dismissed_stays_away_unless_marked_anew(database: Database) -> None:
    service, _, store = await blocking(database, mark(SALES, 2), mark(SALES, 1, customer=NEXT))
    await service.dismiss(MUSTER, "030 99881", OWNER)
    assert list(await service.suggestions(MUSTER, OWNER)) == []
    assert [one.number for one in await service.suggestions(NEXT, SUPPORT)] == [SALES], "another customer's own matter"
    store.all.append(replace(mark(SALES), at=NOW + timedelta(minutes=1)))
    assert [(one.number, one.times) for one in await service.suggestions(MUSTER, OWNER)] == [(SALES, 1)]


async def test_who_is_blocked_is_suggested_no_more_and_neither_who_is_let_through_again(database: Database) -> None:
    service, customers, _ = await blocking(database, mark(SALES))
    assert await service.block(MUSTER, "030 99881", "Werbung", OWNER)
    assert not await service.block(MUSTER, SALES, "Strom", SUPPORT)
    (blocked,) = (await customers.load(MUSTER)).blocked_callers
    assert (blocked.number, blocked.note, blocked.by) == (SALES, "Werbung", "customer1")
    assert list(await service.suggestions(MUSTER, OWNER)) == []
    assert [one.customers[0].blocked for one in await service.everywhere()] == [True]
    for _ in range(2):
        await service.unblock(MUSTER, SALES, OWNER)
        assert (await customers.load(MUSTER)).blocked_callers == ()
        assert list(await service.suggestions(MUSTER, OWNER)) == []


async def test_a_number_marked_at_many_customers_comes_first(database: Database) -> None:
    marks = [mark(ROBOT, n) for n in range(1, 6)] + [mark(SALES, 8), mark(SALES, 9, customer=NEXT)]
    service, _, _ = await blocking(database, *marks, mark(SALES, 10, customer=CustomerId(99)))
    assert [
        (one.number, one.times, [(of.number, of.times) for of in one.customers]) for one in await service.everywhere()
    ] == [(SALES, 2, [("K1001", 1), ("K1002", 1)]), (ROBOT, 5, [("K1001", 5)])]


async def test_nobody_else_sees_or_decides_it(database: Database) -> None:
    service, _, _ = await blocking(database, mark(SALES, customer=NEXT), mark(SALES))
    for who, customer in ((OWNER, NEXT), (somebody(Role.AGENT), MUSTER), (somebody(Role.SUPERVISOR), MUSTER)):
        for asked in (
            service.suggestions(customer, who),
            service.block(customer, SALES, None, who),
            service.unblock(customer, SALES, who),
            service.dismiss(customer, SALES, who),
        ):
            with pytest.raises(NoSuchCustomer):
                await asked
    with pytest.raises(NotANumber):
        await service.dismiss(MUSTER, "anonymous", OWNER)
    with pytest.raises(Refused) as refused:
        await service.block(MUSTER, "030 23125001", None, OWNER)
    assert said(refused.value) == [("blocked_callers/+493023125001/number", "block.needed")]
    assert [one.number for one in await service.suggestions(NEXT, SUPPORT)] == [SALES]
