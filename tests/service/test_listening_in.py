"""A supervisor listens in: who may, what ends it, and what may happen in any order without anybody being stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.law.listening import MayListen
from engine.listening import commands as lc
from engine.listening import events as le
from engine.listening.state import Listening, State
from engine.main.desks import RunningDesks
from engine.ports import AgentProfile
from engine.ports.supervision import Listener, NotDone, Refusal
from engine.service.exchange import Exchange
from engine.service.listening_in import ListeningIn
from engine.terms import AgentId, AgentState, CallId, LegId
from engine.web.portal.call_words import public
from tests.rules.calls import NOON, found, plan
from tests.rules.world import World

ANNA, BEN, SARAH, TOM = (AgentId(name) for name in ("anna", "ben", "sarah", "tom"))
CALL = CallId("c1")


def profile(login: AgentId, state: AgentState) -> AgentProfile:
    return AgentProfile(login, login.title(), frozenset(), frozenset(), state)


STAFF = [
    profile(ANNA, AgentState.READY),
    profile(BEN, AgentState.OFFLINE),
    profile(SARAH, AgentState.PAUSED),
    profile(TOM, AgentState.OFFLINE),
]


@dataclass
class Says:
    """What the installation says."""

    listening_in: bool = True
    ring_time: float = 20.0


class House:
    """An engine with a switch in memory; Anna talks in call c1, Sarah and Tom may listen."""

    def __init__(self, may_listen: MayListen = MayListen.YES) -> None:
        self.world, self.says, self.linked = World(), Says(), True
        self.ordered: list[lc.SwitchCommand] = []
        world = self.world
        self.exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
        self.exchange.staff(STAFF)
        timers = World()
        self.timers = timers.timers
        self.listening = ListeningIn(self.exchange, self, timers, world, self.says, lambda: self.linked)
        self.desks = RunningDesks(self.exchange, self.listening.heard_by)
        self.may_listen = may_listen
        self.arrives(1)
        self.told(CALL, e.LegAnswered(LegId("c1-leg-1")), e.CallerAnswered())

    def arrives(self, n: int) -> None:
        """The n-th call."""
        call = CallId(f"c{n}")
        self.exchange.offered(e.Offered(call, "030123450", "+49171", None, NOON + timedelta(minutes=n), n))
        self.told(call, found(replace(plan(), may_listen=self.may_listen)))

    def told(self, call: CallId, *events: e.Event) -> None:
        """The switch says so, as the engine passes it on."""
        for event in events:
            self.exchange.tell(call, event)
            if self.listening.live:
                self.listening.look()

    def perform(self, listening: Listening, shown: str, commands: Sequence[lc.SwitchCommand]) -> None:
        assert shown == "Anna"
        self.ordered += commands

    def says_of_it(self, *events: le.Event) -> None:
        """The switch says so of the listening that there is."""
        for event in events:
            for listening in list(self.listening.live):
                self.listening.tell(listening, event)

    async def begins(self, *events: le.Event, supervisor: AgentId = SARAH) -> None:
        """Sarah wants to listen to Anna, and this follows."""
        await self.listening.listen(supervisor, ANNA, "sarah.lead")
        self.says_of_it(*events)

    def taken(self) -> list[lc.SwitchCommand]:
        """What was ordered of the switch since the last look."""
        ordered, self.ordered = self.ordered, []
        return ordered

    def trail(self) -> list[str]:
        """What the trail of Anna's call says of listening."""
        return [f"{line.what} {line.detail}" for line in self.world.trail if line.what.startswith("listening")]

    def state(self) -> State | None:
        """How far it has come; None = nobody listens."""
        return next((one.state for one in self.listening.live.values()), None)


HEARING = (le.PickedUp(), le.Told(), le.Tapped(), le.Joined())
ORDERED = "listening_ordered sarah to anna, ordered by sarah.lead"
BEGAN = [ORDERED, "listening_announced ", "listening_began sarah"]


async def test_from_the_order_to_the_end() -> None:
    house = House()
    await house.begins()
    assert house.taken() == [lc.DialSupervisor(SARAH)]
    assert house.listening.listeners() == [Listener(SARAH, ANNA, CALL, None)]
    assert house.listening.heard_by(ANNA) is None, "nobody has been told"
    house.says_of_it(*HEARING)
    assert house.taken() == [lc.Tell("listening-in"), lc.Tap(), lc.Join()]
    (listener,) = house.listening.listeners()
    assert listener.since and listener.since > NOON
    anna, sarah = house.desks.agent(ANNA), house.desks.agent(SARAH)
    assert anna and sarah and (anna.heard_by, sarah.heard_by) == ("Sarah", None)
    house.listening.stop_listening(SARAH)
    assert house.taken() == [lc.Untap(), lc.Unjoin(), lc.DropSupervisor()]
    assert house.listening.listeners() == [listener], "the phone is in use yet"
    assert house.listening.heard_by(ANNA) is None
    house.says_of_it(le.SnoopEnded(), le.LegEnded())
    assert (house.state(), house.timers, house.listening.listeners()) == (None, {}, [])
    assert house.trail() == [*BEGAN, "listening_over sarah, stopped"]
    assert [(what, detail) for what, _, detail in public(house.world.trail) if what.startswith("listening")] == [
        ("listening_announced", ""), ("listening_began", ""), ("listening_over", ""),
    ], "the customer reads when, and no names"  # fmt: skip
    house.listening.stop_listening(SARAH)  # nobody listens: nothing happens
    assert house.taken() == []
    await house.begins(supervisor=TOM)
    assert house.state() is State.RINGING, "somebody else may listen now"


async def refusal(house: House, supervisor: AgentId = SARAH, agent: AgentId = ANNA) -> Refusal:
    """Why not. Nothing has changed."""
    with pytest.raises(NotDone) as refused:
        await house.listening.listen(supervisor, agent, "sarah.lead")
    assert house.taken() == []
    return refused.value.why


async def test_who_may_not() -> None:
    house = House()
    assert await refusal(house, AgentId("nobody")) is Refusal.NO_PHONE
    assert await refusal(house, agent=AgentId("nobody")) is Refusal.NO_SUCH_AGENT
    assert await refusal(house, agent=BEN) is Refusal.NOT_TALKING
    assert await refusal(house, ANNA) is Refusal.BUSY, "who talks cannot listen"
    house.exchange.set_agent(BEN, AgentState.READY)
    assert await refusal(house, BEN) is Refusal.BUSY, "a caller could come at any moment"
    house.arrives(2)
    assert await refusal(house, agent=BEN) is Refusal.NOT_TALKING, "it only rings"
    house.told(CallId("c2"), e.LegAnswered(LegId("c2-leg-1")))
    assert await refusal(house, agent=BEN) is Refusal.NOT_TALKING, "the caller does not hear the agent yet"
    house.exchange.phone_reachable(SARAH, False)
    assert await refusal(house) is Refusal.UNREACHABLE
    house.linked = False
    assert await refusal(house, TOM) is Refusal.NO_SWITCH
    house.says.listening_in = False
    assert await refusal(house, TOM) is Refusal.NOT_ALLOWED
    assert house.trail() == []


@pytest.mark.parametrize(
    ("may_listen", "why"),
    [(MayListen.NOT_AGREED, Refusal.CUSTOMER_FORBIDS), (MayListen.PER_MINUTE, Refusal.LAW_FORBIDS)],
)
async def test_what_customer_or_law_forbid(may_listen: MayListen, why: Refusal) -> None:
    assert await refusal(House(may_listen)) is why


async def test_one_listens_to_one() -> None:
    house = House()
    await house.begins()
    house.taken()
    assert await refusal(house, TOM) is Refusal.ALREADY
    assert await refusal(house) is Refusal.ALREADY
    assert house.trail() == [ORDERED]


@pytest.mark.parametrize("events", [HEARING[:n] for n in range(5)])
@pytest.mark.parametrize("end", [e.CallerGone(), e.LegEnded(LegId("c1-leg-1"))])
async def test_the_end_of_the_conversation_ends_it_in_the_same_step(events: Sequence[le.Event], end: e.Event) -> None:
    house = House()
    await house.begins(*events)
    house.told(CALL, end)
    assert house.state() is State.CLEARING
    assert house.trail()[-1] in ("listening_over sarah, conversation over", "listening_failed sarah, conversation over")
    house.says_of_it(le.SnoopEnded(), le.LegEnded())
    assert (house.state(), house.timers) == (None, {})
    rest: list[e.Event] = [e.LegEnded(LegId("c1-leg-1")), e.CallerGone()]
    house.told(CALL, *(event for event in rest if type(event) is not type(end)))
    assert house.exchange.calls == {}


async def test_a_supervisor_who_becomes_ready_is_rung_when_the_phone_is_free_and_not_before() -> None:
    house = House()
    await house.begins(*HEARING)
    house.arrives(2)
    house.taken()
    house.exchange.set_agent(SARAH, AgentState.READY)
    board = house.exchange.floor.board
    await board.changed(ANNA, board.seen(ANNA))
    assert house.taken() == [lc.Untap(), lc.Unjoin(), lc.DropSupervisor()]
    sarah = house.exchange.floor.agents[SARAH]
    assert (sarah.state, sarah.call) == (AgentState.READY, None), "her phone is in use"
    house.says_of_it(le.SnoopEnded(), le.LegEnded())
    assert (sarah.state, sarah.call) == (AgentState.RINGING, CallId("c2"))


async def test_a_supervisor_who_works_here_no_longer_hears_no_longer() -> None:
    house = House()
    await house.begins(*HEARING)
    seen = house.exchange.floor.board.seen(ANNA)
    house.exchange.staff([one for one in STAFF if one.id != SARAH])
    while house.state() is State.HEARING:
        seen = await house.exchange.floor.board.changed(ANNA, seen)
        await asyncio.sleep(0)
    assert house.trail()[-1] == "listening_over sarah, supervisor no longer paused"
    house.says_of_it(le.SnoopEnded(), le.LegEnded())
    assert house.state() is None


async def test_a_lost_link_ends_it_and_its_end_stands_in_the_trail() -> None:
    house = House()
    await house.begins(*HEARING)
    house.taken()
    house.listening.switch_lost()
    assert (house.state(), house.taken(), house.trail()) == (None, [], [*BEGAN, "listening_over sarah, link lost"])
    house.says_of_it(*HEARING)  # late words of one that is over
    assert house.taken() == []


async def test_what_an_engine_before_has_left_is_noted_where_the_call_goes_on() -> None:
    house = House()
    house.listening.left_behind(CALL)
    house.listening.left_behind(CallId("gone"))
    assert house.trail() == ["listening_over after a fault"]


async def test_an_engine_that_comes_after_goes_on_with_the_trail() -> None:
    house = House()
    await house.begins(*HEARING)
    calls, _ = house.world.forgets_all_but_the_file()
    assert [live.entries for live in calls] == [len(house.world.trail)]


async def test_a_phone_that_is_not_picked_up_and_one_whose_end_is_never_told() -> None:
    house = House()
    await house.begins()
    ((owner, name),) = house.timers
    assert house.timers[owner, name] == 20.0
    house.listening.timer_fired(owner, name)
    assert house.trail()[-1] == "listening_failed sarah, not picked up, no_answer"
    house.listening.timer_fired(owner, "clear")
    assert (house.state(), house.timers, house.exchange.floor.agents[SARAH].engaged) == (None, {}, False)


async def test_the_engine_stops() -> None:
    house = House()
    await house.begins(*HEARING)
    house.listening.end_all()
    assert house.trail()[-1] == "listening_over sarah, shutdown"
