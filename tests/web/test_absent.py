"""An agent closes the page that is the phone, or only loads it anew: what the engine is told, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from engine.acd.agents import BROWSER_CLOSED
from engine.terms import AgentId, AgentState
from engine.web.absent import GRACE, Absent
from tests.web.desks import FakePhoneLine

ANNA, BEN = AgentId("anna"), AgentId("ben")
SOON = {AgentState.RINGING: 0.01, AgentState.TALKING: 0.05}
LIMIT = 5.0


class Page:
    """Anna's page with the phone, which is open, and what the engine hears of it."""

    def __init__(
        self,
        state: AgentState,
        grace: Mapping[AgentState, float] = SOON,
        away_after: float = 60.0,
        longest_break: float = 3600.0,
    ) -> None:
        self.line = FakePhoneLine({ANNA: state}, away_after=away_after)
        self.absent = Absent(self.line, grace, longest_break)
        self.absent.opens(ANNA, "first", goes_on=True)
        self.line.told.clear()

    @property
    def told(self) -> list[str]:
        """All of it, in its order."""
        return self.line.told

    async def is_lost(self) -> None:
        """The engine is told so."""
        await asyncio.wait_for(self.line.lost_one.wait(), LIMIT)

    async def is_gone(self) -> None:
        """The engine is told that the agent is."""
        await asyncio.wait_for(self.line.left_one.wait(), LIMIT)

    async def longest_wait(self) -> None:
        """Every time that there is has run out."""
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(max(SOON.values()) * 2, over.set)
        await over.wait()


@pytest.mark.parametrize("state", [AgentState.RINGING, AgentState.TALKING])
async def test_a_page_that_stays_closed_is_lost(state: AgentState) -> None:
    page = Page(state)
    page.absent.closes(ANNA)
    assert page.told == ["closed anna"]
    await page.is_lost()
    await page.longest_wait()
    assert page.told == ["closed anna", "lost anna"]


async def test_a_talk_is_waited_for_longer_than_a_ring() -> None:
    assert 1 <= GRACE[AgentState.RINGING] < GRACE[AgentState.TALKING] < 60


@pytest.mark.parametrize("state", [AgentState.READY, AgentState.PAUSED, AgentState.OFFLINE, AgentState.WRAP_UP])
async def test_who_has_no_call_loses_none(state: AgentState) -> None:
    page = Page(state)
    page.absent.closes(ANNA)
    await page.longest_wait()
    assert page.told == ["closed anna"]


@pytest.mark.parametrize("state", [AgentState.RINGING, AgentState.TALKING])
async def test_a_connection_that_is_back_costs_nothing(state: AgentState) -> None:
    page = Page(state)
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "first", goes_on=False)
    await page.longest_wait()
    assert page.told == ["closed anna", "opened anna"]


async def test_a_page_that_is_loaded_anew_goes_on_with_its_talk() -> None:
    page = Page(AgentState.TALKING)
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "second", goes_on=True)
    await page.longest_wait()
    assert page.told == ["closed anna", "opened anna"]


@pytest.mark.parametrize("goes_on", [True, False])
async def test_a_ring_does_not_come_along_to_another_page(goes_on: bool) -> None:
    page = Page(AgentState.RINGING)
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "second", goes_on=goes_on)
    assert page.told == ["closed anna", "opened anna", "lost anna"]


async def test_a_page_that_knows_nothing_of_the_talk_leaves_it_its_time() -> None:
    page = Page(AgentState.TALKING)
    page.absent.opens(ANNA, "elsewhere", goes_on=False)  # takes over; nobody has closed anything
    assert page.told == ["opened anna"]
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "elsewhere", goes_on=False)  # which is no way back to the talk
    await page.is_lost()
    await page.longest_wait()
    assert page.told == ["opened anna", "closed anna", "opened anna", "lost anna"]


async def test_another_window_is_quicker_than_the_page_that_is_loaded_anew() -> None:
    page = Page(AgentState.TALKING)
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "beside it", goes_on=False)
    page.absent.opens(ANNA, "second", goes_on=True)
    await page.longest_wait()
    assert page.told == ["closed anna", "opened anna", "opened anna"]


async def test_the_caller_waits_no_longer_for_another_window() -> None:
    page = Page(AgentState.TALKING, {**SOON, AgentState.TALKING: 1.0})
    loop = asyncio.get_running_loop()
    page.absent.closes(ANNA)
    latest = loop.time() + 1.0
    loop.call_at(latest - 0.1, lambda: page.absent.opens(ANNA, "beside it", goes_on=False))
    await page.is_lost()
    assert page.told == ["closed anna", "opened anna", "lost anna"]
    assert loop.time() < latest + 0.8  # and not 0.9, which were a second of its own


async def test_what_is_taken_at_the_other_window_is_another_talk() -> None:
    """The caller has hung up meanwhile, and the next one is there."""
    page = Page(AgentState.TALKING)
    page.absent.opens(ANNA, "elsewhere", goes_on=False)
    page.line.calls += 1
    await page.longest_wait()
    assert page.told == ["opened anna"]


@pytest.mark.parametrize("goes_on", [True, False])
async def test_after_another_engine_has_begun_a_talk_waits_for_its_page_and_no_longer(goes_on: bool) -> None:
    line = FakePhoneLine({ANNA: AgentState.TALKING})
    absent = Absent(line, SOON)
    absent.opens(ANNA, "quicker", goes_on=False)
    assert absent.is_deserted(ANNA)
    absent.opens(ANNA, "first", goes_on=goes_on)  # or a third one, which knows nothing either
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(max(SOON.values()) * 2, over.set)
    await over.wait()
    assert line.told == ["opened anna", "opened anna", *([] if goes_on else ["lost anna"])]
    assert not absent.is_deserted(ANNA)


async def test_a_ring_that_another_engine_has_brought_along_is_the_first_pages() -> None:
    line = FakePhoneLine({ANNA: AgentState.RINGING})
    Absent(line, SOON).opens(ANNA, "any", goes_on=False)
    assert line.told == ["opened anna"]


class Listener(Page):
    """Anna, on a break, listens in to somebody with it."""

    def __init__(self) -> None:
        super().__init__(AgentState.PAUSED)
        self.line.listeners.add(ANNA)


async def test_who_listens_in_and_closes_the_page_listens_no_longer() -> None:
    page = Listener()
    page.absent.closes(ANNA)
    await page.is_lost()
    await page.longest_wait()
    assert page.told == ["closed anna", "lost anna"]


async def test_who_listens_in_and_loads_the_page_anew_goes_on_listening() -> None:
    page = Listener()
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "second", goes_on=True)
    await page.longest_wait()
    assert page.told == ["closed anna", "opened anna"]


async def test_another_page_that_knows_nothing_of_it_ends_the_listening_at_once() -> None:
    page = Listener()
    page.absent.opens(ANNA, "elsewhere", goes_on=False)
    assert page.told == ["opened anna", "lost anna"]


async def test_an_agent_whose_browser_stays_closed_is_signed_off_and_one_who_is_back_is_not() -> None:
    page = Page(AgentState.READY, away_after=0.02)
    page.absent.closes(ANNA)
    page.absent.opens(ANNA, "second", goes_on=False)
    await page.longest_wait()
    assert page.line.left == []
    page.absent.closes(ANNA)
    await page.is_gone()
    assert page.line.left == [("anna", BROWSER_CLOSED)]


async def test_a_break_is_spent_without_a_browser_but_not_for_ever() -> None:
    page = Page(AgentState.PAUSED, away_after=0.01, longest_break=0.5)
    page.absent.closes(ANNA)
    await page.longest_wait()
    assert page.line.left == []
    await page.is_gone()
    assert page.line.left == [("anna", BROWSER_CLOSED)]


@pytest.mark.parametrize("state", [AgentState.PAUSED, AgentState.OFFLINE])
async def test_who_is_made_ready_without_a_browser_has_his_time_to_open_it_and_no_longer(state: AgentState) -> None:
    """By a supervisor, say, long after the page was closed."""
    page = Page(state, away_after=0.1)
    loop = asyncio.get_running_loop()
    page.absent.closes(ANNA)
    made = loop.create_future()
    loop.call_later(0.25, made.set_result, None)
    await made
    assert page.line.left == []
    page.line.states[ANNA] = AgentState.READY
    since = loop.time()
    await page.is_gone()
    assert page.line.left == [("anna", BROWSER_CLOSED)]
    assert loop.time() - since >= 0.1


async def test_whose_browser_is_not_back_after_another_engine_has_begun_is_signed_off() -> None:
    """Ben's is back."""
    line = FakePhoneLine({ANNA: AgentState.READY, BEN: AgentState.READY}, away_after=0.05)
    absent = Absent(line, SOON)
    absent.expects([ANNA, BEN])
    absent.opens(BEN, "his", goes_on=False)
    await asyncio.wait_for(line.left_one.wait(), LIMIT)
    absent.expects([BEN])
    assert (line.left, line.told) == ([("anna", BROWSER_CLOSED)], ["opened ben"])
