"""A call comes to a second agent: who has talked before, what was written down, and taking it over; both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from engine.ports.desk import NoMessage
from engine.ports.handover import EarlierTalk, Left, TakenDown, Written
from engine.service.desk import NoSuchCall
from engine.service.handover import merged
from engine.store.database import Database
from engine.terms import AgentId
from tests.customers import two_customers
from tests.service.test_desk import ANNA, BEN, C1, NOON, House

BEFORE = EarlierTalk(
    AgentId("anna"), "Anna Lindner", NOON - timedelta(minutes=3), NOON - timedelta(minutes=1), "phone_lost"
)  # fmt: skip


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    """Anna has talked with the caller and lost her telephone; it rings at Ben's."""
    await two_customers(database)
    house = House(database)
    house.talks()
    house.desks.hangs_up("anna", NOON)
    house.talks("ben", before=(BEFORE,))
    return house


async def test_ben_reads_what_anna_has_typed_and_takes_it_over_and_she_may_still_save_it(house: House) -> None:
    assert list(await house.service.left(BEN, C1)) == [Left(BEFORE, Written({}, None))]
    assert not await house.service.take_over(BEN, C1)
    typed = {"caller_name": "Jan Albers", "text": "Die Torte", "ticks": ["call_back"]}
    await house.service.keep_draft(ANNA, C1, typed)
    assert list(await house.service.left(BEN, C1)) == [Left(BEFORE, Written(typed, None))]
    assert await house.service.draft(BEN, C1) == {}, "nothing is taken over unasked"
    await house.service.keep_draft(BEN, C1, {"text": "um vier", "number": "+4930555", "urgency": "normal"})
    assert await house.service.take_over(BEN, C1)
    assert await house.service.draft(BEN, C1) == {**typed, "text": "Die Torte\num vier"}
    assert await house.service.draft(ANNA, C1) == typed
    assert await house.service.take_over(BEN, C1)
    assert (await house.service.draft(BEN, C1))["text"] == "Die Torte\num vier", "pressed twice, taken over once"
    await house.service.take(ANNA, C1, "k", {"text": "Die Torte", "caller_name": "Jan Albers"})
    taken = TakenDown(NOON, None, "Jan Albers", "", "Die Torte")
    assert list(await house.service.left(BEN, C1)) == [Left(BEFORE, Written({}, taken))]


async def test_each_closes_the_own_part(house: House) -> None:
    await house.service.take(ANNA, C1, "k", {"text": "Die Torte"})
    assert (await house.listed(ANNA), await house.listed(BEN)) == ({C1: False}, {C1: True})
    await house.service.close(BEN, C1, NoMessage.TAKEN_DOWN)
    assert await house.listed(BEN) == {C1: False}
    (own,) = await house.service.calls(BEN)
    assert (own.message, own.closing) == (None, NoMessage.TAKEN_DOWN)
    (hers,) = await house.service.calls(ANNA)
    assert (hers.message is not None, hers.closing) == (True, None)


async def test_anna_sees_nothing_of_bens(house: House) -> None:
    await house.service.keep_draft(BEN, C1, {"text": "Nur für Ben"})
    assert await house.service.left(ANNA, C1) == ()
    assert not await house.service.take_over(ANNA, C1)
    assert await house.service.draft(ANNA, C1) == {}
    assert house.service.beside(ANNA, C1) == ["ben"]
    house.talks("ben", "c2")
    assert await house.service.left(ANNA, house.desks.agents[AgentId("ben")].call.id) == ()  # type: ignore[union-attr]
    with pytest.raises(NoSuchCall):
        await house.service.draft(ANNA, house.desks.agents[AgentId("ben")].call.id)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("own", "both"),
    [
        ({}, {}),
        ({"number": "+4930555", "urgency": "normal"}, {}),
        ({"number": "+49301", "urgency": "urgent"}, {"number": "+49301", "urgency": "urgent"}),
        ({"caller_name": "Ida", "text": ""}, {"caller_name": "Ida"}),
        ({"ticks": ["appointment"]}, {"ticks": ["appointment", "call_back"]}),
        ({"text": "Ach ja: Die Torte"}, {"text": "Ach ja: Die Torte"}),
        ({"text": "Die Tor\n1"}, {"text": "Die Torte\nDie Tor\n1"}),
    ],
)
def test_own_words_count_and_what_every_form_begins_with_is_nobodys(own: dict[str, Any], both: dict[str, Any]) -> None:
    theirs = {
        "caller_name": "Jan",
        "number": "+49171",
        "urgency": "urgent",
        "text": "Die Torte",
        "ticks": ["call_back"],
    }
    assert merged(theirs, own, "+4930555") == {**theirs, **both}


def test_taking_over_again_what_was_written_on_doubles_nothing_and_loses_nothing() -> None:
    own = merged({"text": "Die Torte\nAm Montag"}, {"text": "Ida"}, None)
    assert own["text"] == "Die Torte\nAm Montag\nIda"
    own["text"] += "\nfür Samstag"
    again = {"text": "Die Torte wird geholt\nAm Montag\n10 Stück"}
    both = merged(again, own, None)
    assert both["text"] == "Die Torte wird geholt\nAm Montag\n10 Stück\nIda\nfür Samstag"
    assert merged(again, both, None) == both


@pytest.mark.parametrize(("draft", "is_one"), [
    ({"number": "+49171", "urgency": "urgent"}, False), ({}, False), ({"ticks": ["call_back"]}, True),
    ({"number": "+49171", "subject": "Torte"}, True),
])  # fmt: skip
async def test_an_emptied_draft_is_not_offered(house: House, draft: dict[str, Any], is_one: bool) -> None:
    await house.service.keep_draft(ANNA, C1, draft)
    (left,) = await house.service.left(BEN, C1)
    assert left.written.draft == (draft if is_one else {})
    assert await house.service.take_over(BEN, C1) is is_one
