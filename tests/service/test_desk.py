"""The desk, on both databases: an agent's own calls and nobody else's; every call ends with a message, or a reason."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Never

import pytest
import pytest_asyncio
from sqlalchemy import insert

from engine.accounts import Identity, Role
from engine.entries import CustomerEntry
from engine.message.slip import Tick, Urgency
from engine.message.states import State
from engine.ports import CallRecord
from engine.ports.desk import NoMessage
from engine.ports.messages import Wanted
from engine.service import known_customers
from engine.service.desk import Desk, NoSuchCall, NotAtADesk
from engine.service.messages import AlreadyTaken, Messages, NotTaken
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.messages import StoredMessages
from engine.store.tables import calls, customers
from engine.terms import AgentId, AgentState, CallId, CustomerId
from tests.accounts import TurnedClock
from tests.catalogue import CLASSES
from tests.customers import MUSTER, NEXT, OWNER, SUPPORT, customers_on, somebody, two_customers
from tests.talks import had_talks
from tests.web.desks import FakeDesks, a_call, an_agent

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ANNA, BEN = somebody(Role.AGENT, agent=AgentId("anna")), somebody(Role.AGENT, agent=AgentId("ben"))
C1 = CallId("c1")


class House:
    """The service at a clock that is turned, beside a telephone system that says what it has been told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = TurnedClock(NOON)
        self.desks = FakeDesks()
        self.editing = customers_on(database, NOON)
        self.messages = Messages(StoredMessages(database), StoredCustomerEntries(database), self.clock.now)
        self.service = Desk(self.desks, self.editing, self.messages, StoredDesk(database), self.clock.now, CLASSES)
        self.desks.works(an_agent("anna", "Anna Lindner"))
        self.desks.works(an_agent("ben", "Ben Kraus"))

    def talks(self, login: str = "anna", call: str = "c1", customer: CustomerId = MUSTER, **more: Any) -> None:
        """The agent's phone has rung, and the agent has picked up."""
        self.desks.rings(login, a_call(call, customer, self.clock.now(), name="Muster GmbH", **more))
        self.desks.picks_up(login, self.clock.now())

    async def had(self, call: str, hours: float, agent: str = "anna", customer: CustomerId = MUSTER) -> CallId:
        """A call that this agent has talked in, so many hours ago."""
        record = CallRecord(
            id=CallId(call), dialled="1", access_number=None, customer=customer, caller="030555", line=None,
            arrived_at=self.clock.now() - timedelta(hours=hours), outcome="answered", agent=AgentId(agent),
            talked_ms=60_000,
        )  # fmt: skip
        async with self.database.writing() as connection:
            await connection.execute(insert(calls).values(asdict(record)))
        await had_talks(self.database, asdict(record))
        return record.id

    async def listed(self, by: Identity = ANNA) -> dict[str, bool]:
        """The agent's calls in their order, and whether each is open."""
        return {one.call: one.is_open for one in await self.service.calls(by)}

    async def texts(self) -> list[str]:
        """Of Muster's messages."""
        return [one.slip.text for one in await self.messages.page(MUSTER, Wanted(), 9, SUPPORT)]


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    await two_customers(database)
    return House(database)


async def test_who_is_no_agent_has_no_desk(house: House) -> None:
    house.talks()
    lead = somebody(Role.SUPERVISOR)
    for by in (OWNER, SUPPORT, somebody(Role.ADMIN, agent=AgentId("anna")), lead):
        for asked in (house.service.agent, house.service.team, house.service.line, house.service.seen):
            with pytest.raises(NotAtADesk):
                asked(by)
        for waited in (house.service.card(by), house.service.calls(by), house.service.draft(by, C1)):
            with pytest.raises(NotAtADesk):
                await waited
    agent = house.service.agent(replace(lead, agent=AgentId("anna")))
    assert agent
    assert agent.name == "Anna Lindner"


async def test_the_card_has_all_that_the_agent_may_tell(house: House) -> None:
    assert await house.service.card(ANNA) is None
    earlier = await house.had("c0", 30, "ben")
    await house.had("x0", 30, customer=NEXT)
    house.desks.rings("anna", a_call("c1", MUSTER, NOON, caller="+4930555"))
    card = await house.service.card(ANNA)
    assert card
    assert (card.call.id, card.may_put_through) == (C1, True)
    assert card.directory.greeting == "Muster GmbH, mein Name ist Anna Lindner, guten Tag."
    assert [contact.name for contact in card.directory.contacts] == ["Eva Brandt", "Jan/Ida ~ Kern"]
    assert [one.call for one in card.earlier] == [earlier]
    assert await house.service.card(BEN) is None
    assert all(one.call is None for one in house.service.team(BEN))


async def test_a_ring_waits_for_no_look_at_the_sounds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation's rules open every announcement that it has."""

    def asked() -> Never:
        raise AssertionError("the card asks for the installation's rules")

    monkeypatch.setattr(house.editing, "_rules", asked)
    house.talks()
    assert await house.service.card(ANNA)


async def test_a_customer_is_read_once_until_somebody_has_changed_it_elsewhere(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[CustomerId] = []
    store = house.editing._store
    load = store.load

    async def reading(customer: CustomerId) -> CustomerEntry | None:
        read.append(customer)
        return await load(customer)

    monkeypatch.setattr(store, "load", reading)
    house.talks()
    for _ in range(3):
        await house.service.card(ANNA)
    assert read == [MUSTER]
    monkeypatch.setattr(known_customers, "FRESH", 0.0)  # as after that time
    elsewhere = customers_on(house.database, NOON)
    await elsewhere.save(MUSTER, {"greeting": "Guten Tag, hier {agent}."}, {}, SUPPORT)
    card = await house.service.card(ANNA)
    assert card
    assert (card.directory.greeting, read) == ("Guten Tag, hier Anna Lindner.", [MUSTER, MUSTER])


async def test_l3_a_per_minute_line_keeps_put_through_off(house: House) -> None:
    await house.editing.save(MUSTER, {"lines": ["0180 5123456"], "wait/treatment": "delayed_connect"}, {}, SUPPORT)
    house.talks(caller=None)
    card = await house.service.card(ANNA)
    assert card
    assert (card.may_put_through, card.earlier) == (False, ())


async def test_a_customer_who_is_gone_has_no_card(house: House) -> None:
    house.talks()
    async with house.database.writing() as connection:
        await connection.execute(customers.delete().where(customers.c.id == MUSTER))
    assert await house.service.card(ANNA) is None


async def test_the_calls_of_today_and_those_that_are_still_open(house: House) -> None:
    for call, hours in (("today", 11.5), ("night", 12.5), ("open", 60), ("old", 73)):
        await house.had(call, hours)
    await house.had("bens", 1, "ben")
    await house.service.close(ANNA, await house.had("closed", 60.5), NoMessage.SALES)
    house.talks()
    assert await house.listed() == {"c1": True, "today": True, "night": True, "open": True}
    await house.service.close(ANNA, CallId("night"), NoMessage.SALES, spam=True)
    await house.service.close(ANNA, CallId("today"), NoMessage.SALES)
    assert await house.listed() == {"c1": True, "today": False, "open": True}


async def test_the_call_at_the_desk_is_among_them_before_its_record_is_there(house: House) -> None:
    house.desks.rings("anna", a_call("c1", MUSTER, NOON))
    assert await house.listed() == {}
    house.desks.picks_up("anna", NOON)
    house.clock.turn(seconds=30)
    message = await house.service.take(ANNA, C1, "k", {"text": "Bitte rufen."})
    (own,) = await house.service.calls(ANNA)
    assert (own.customer, own.talked_ms, own.message, own.closing) == (MUSTER, 30_000, message, None)
    house.desks.hangs_up("anna", NOON + timedelta(seconds=40), NOON + timedelta(seconds=50))
    house.clock.turn(seconds=30)
    assert [one.talked_ms for one in await house.service.calls(ANNA)] == [40_000]
    await house.had("c1", 0)
    assert [(one.talked_ms, one.message) for one in await house.service.calls(ANNA)] == [(60_000, message)]


async def test_a_message_is_taken_in_the_agents_name_and_its_draft_is_gone(house: House) -> None:
    house.talks()
    await house.service.keep_draft(ANNA, C1, {"text": "Bitte"})
    assert await house.service.draft(ANNA, C1) == {"text": "Bitte"}
    told = {"text": "Bitte rufen.", "contact": "Eva Brandt", "agent": "ben", "call": "c9", "taken_at": None}
    message = await house.service.take(ANNA, C1, "k", told)
    slip = (await house.messages.find(MUSTER, message, SUPPORT)).slip
    assert (slip.agent, slip.agent_name, slip.taken_at, slip.call) == ("anna", "Anna Lindner", NOON, C1)
    assert await house.service.draft(ANNA, C1) == {}
    house.clock.turn(seconds=3)
    assert await house.service.take(ANNA, C1, "k", told) == message, "sent twice, kept once"
    await house.service.keep_draft(ANNA, C1, {"text": "Mehr"})
    with pytest.raises(AlreadyTaken):
        await house.service.take(ANNA, C1, "k", {"text": "Mehr"})
    with pytest.raises(NotTaken):
        await house.service.take(ANNA, C1, "l", {"text": " "})
    assert await house.service.draft(ANNA, C1) == {"text": "Mehr"}, "what was not taken is not lost"


async def test_a_message_is_taken_back_within_ten_seconds_and_the_draft_is_back(house: House) -> None:
    house.talks()
    slip = {
        "text": "Bitte\nrufen.", "caller_name": "Jan", "number": "030 555", "urgency": Urgency.URGENT,
        "ticks": frozenset({Tick.WILL_CALL_AGAIN, Tick.CALL_BACK}), "fields": (("Größe", " M\0"), ("Farbe", "")),
    }  # fmt: skip
    message = await house.service.take(ANNA, C1, "k", slip)
    house.clock.turn(seconds=9.9)
    house.talks("ben", "c2")
    assert not await house.service.take_back(BEN, CallId("c2"), message)
    assert await house.service.take_back(ANNA, C1, message)
    assert await house.texts() == []
    assert await house.service.draft(ANNA, C1) == {
        "text": "Bitte\nrufen.", "caller_name": "Jan", "number": "+4930555", "urgency": "urgent", "contact": "",
        "company": "", "subject": "", "ticks": ["call_back", "will_call_again"],
        "fields": [["Größe", "M"], ["Farbe", ""]],
    }  # fmt: skip
    assert not await house.service.take_back(ANNA, C1, message)
    assert await house.service.take(ANNA, C1, "k", slip) != message


@pytest.mark.parametrize("why", ["late", "read"])
async def test_what_is_late_or_read_stays(house: House, why: str) -> None:
    house.talks()
    message = await house.service.take(ANNA, C1, "k", {"text": "Bitte rufen."})
    if why == "late":
        house.clock.turn(seconds=10)
    else:
        await house.messages.mark(MUSTER, message, State.READ, OWNER)
    assert not await house.service.take_back(ANNA, C1, message)
    assert (await house.texts(), await house.service.draft(ANNA, C1)) == (["Bitte rufen."], {})


async def test_every_call_ends_with_a_message_or_a_reason_and_the_message_counts(house: House) -> None:
    call = await house.had("c0", 1)
    assert await house.listed() == {"c0": True}
    await house.service.close(ANNA, call, NoMessage.WRONG_NUMBER)
    (closed,) = await house.service.calls(ANNA)
    assert (closed.closing, closed.is_open) == (NoMessage.WRONG_NUMBER, False)
    message = await house.service.take(ANNA, call, "k", {"text": "Doch."})
    await house.service.close(ANNA, call, NoMessage.SALES)
    (closed,) = await house.service.calls(ANNA)
    assert (closed.message, closed.closing, closed.is_open) == (message, None, False)


async def test_nobody_acts_on_a_call_that_is_not_his(house: House) -> None:
    house.talks()
    await house.had("c0", 1)
    await house.had("old", 73, "ben")
    for call in ("c1", "c0", "old", "c9", "\0", "\ud800"):
        wrong = CallId(call)
        for asked in (
            house.service.draft(BEN, wrong), house.service.keep_draft(BEN, wrong, {"text": "x"}),
            house.service.take(BEN, wrong, "k", {"text": "x"}), house.service.take_back(BEN, wrong, 1),
            house.service.close(BEN, wrong, NoMessage.OTHER),
        ):  # fmt: skip
            with pytest.raises(NoSuchCall):
                await asked
    assert (await house.texts(), await house.listed(BEN)) == ([], {})
    assert await house.listed() == {"c1": True, "c0": True}


async def test_the_call_before_is_written_down_while_the_next_one_rings(house: House) -> None:
    house.talks()
    house.desks.hangs_up("anna", NOON)
    house.desks.rings("anna", a_call("c2", NEXT, NOON))
    await house.service.keep_draft(ANNA, C1, {"text": "Bitte"})
    await house.service.take(ANNA, C1, "k", {"text": "Bitte rufen."})
    assert await house.texts() == ["Bitte rufen."]


async def test_wishes_and_changes_are_the_agents_own(house: House) -> None:
    seen = house.service.seen(ANNA)
    house.service.wish(ANNA, AgentState.PAUSED, "lunch")
    assert (await house.service.changed(ANNA, seen)).own == seen.own + 1
    house.service.end_wrap_up(ANNA)
    house.desks.line_is(2, NOON)
    agent = house.service.agent(ANNA)
    assert agent
    assert (agent.state, agent.reason, house.service.line(ANNA).waiting) == (AgentState.PAUSED, "lunch", 2)


async def test_what_was_left_open_yesterday_is_on_the_list_but_not_among_todays_calls(house: House) -> None:
    await house.had("yesterday", 20)
    await house.had("this-morning", 2)
    house.talks(call="now")
    calls = await house.service.calls(ANNA)
    assert [one.call for one in calls] == ["now", "this-morning", "yesterday"]
    assert [one.call for one in house.service.of_today(calls)] == ["now", "this-morning"]
