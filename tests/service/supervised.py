"""An engine with a switch in memory and three who answer, one of them a supervisor."""

from __future__ import annotations

from datetime import timedelta

from engine.acd.agents import AcdSettings
from engine.acd.need import Need
from engine.call import commands as c
from engine.call import events as e
from engine.call.plan import Plan, WaitPlan
from engine.main.supervision import RunningSupervision
from engine.ports import AgentProfile
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId, CustomerId, LegId, Skill, Treatment
from tests.rules.calls import NOON, NUMBER
from tests.rules.world import World

ANNA, BEN, CHIEF = AgentId("anna"), AgentId("ben"), AgentId("chief")
ENGLISH = Skill("english")
READY, PAUSED, OFFLINE = AgentState.READY, AgentState.PAUSED, AgentState.OFFLINE
STAFF = [
    AgentProfile(ANNA, "Anna", frozenset(), frozenset(), READY),
    AgentProfile(BEN, "Ben", frozenset({ENGLISH}), frozenset(), OFFLINE),
    AgentProfile(CHIEF, "Chief", frozenset(), frozenset(), PAUSED, "leads"),
]
ANYBODY = Need(overflow_after=60.0)


class House:
    """An engine with a switch in memory: Anna is ready, Ben offline, the chief on a pause."""

    def __init__(self) -> None:
        self.world = World()
        self.begin()

    def begin(self) -> None:
        """Another engine."""
        world = self.world
        self.exchange = Exchange(world, world, world, world, AcdSettings(wrap_up=10.0), lambda *_: None)
        self.exchange.staff(STAFF)
        self.chief = RunningSupervision(self.exchange, world)

    def is_killed(self) -> None:
        """And another one goes on."""
        calls, agents = self.world.forgets_all_but_the_file()
        self.begin()
        self.exchange.resume(calls, agents, self.world.time)
        self.exchange.switch_back()

    def arrives(self, *numbers: int, need: Need = ANYBODY, max_wait: float | None = 120.0) -> None:
        """These calls, each so many minutes past noon."""
        for n in numbers:
            call, at = CallId(f"c{n}"), NOON + timedelta(minutes=n)
            self.exchange.offered(e.Offered(call, "030123450", f"+4917{n}", None, at, n))
            plan = Plan(CustomerId(1), "K1", "Muster", WaitPlan(Treatment.ANSWERED, max_wait=max_wait), need)
            self.exchange.tell(call, e.CustomerFound(NUMBER, plan, True))
            self.exchange.tell(call, e.CallerAnswered())

    def leg(self, n: int) -> LegId:
        """The phone that rings or talks in this call."""
        leg = self.exchange.calls[CallId(f"c{n}")].leg
        assert leg
        return leg

    def picks_up(self, n: int) -> None:
        """The phone that rings for this call."""
        self.exchange.tell(CallId(f"c{n}"), e.LegAnswered(self.leg(n)))

    def hangs_up(self, n: int) -> None:
        """The agent, on a caller."""
        self.exchange.tell(CallId(f"c{n}"), e.LegEnded(self.leg(n)))

    def misses(self, n: int) -> None:
        """The ring time is over."""
        self.world.stop(f"c{n}", c.Timer.RING)
        self.exchange.timer_fired(f"c{n}", c.Timer.RING)

    def becomes(self, agent: AgentId, state: AgentState) -> None:
        self.exchange.set_agent(agent, state)

    def rings(self) -> dict[str, str]:
        """For whom whose phone rings."""
        return {entry.call.id: entry.rings_at for entry in self.chief.waiting() if entry.rings_at}

    def line(self) -> list[str]:
        """Who waits, in order; those that are kept for somebody with his name."""
        return [f"{one.call.id} {one.kept_for or ''}".rstrip() for one in self.chief.waiting()]

    def state(self, agent: AgentId) -> tuple[AgentState, str | None]:
        found = self.exchange.floor.agents[agent]
        return found.state, found.reason

    def trail(self, n: int) -> list[str]:
        """The supervisor's part of what is written of this call."""
        ours = ("to_front", "assigned", "withdrawn", "assignment_lapsed", "agent_lost", "picked_up")
        return [f"{one.what} {one.detail}" for one in self.world.trail if one.call == f"c{n}" and one.what in ours]


def busy_house() -> House:
    """Anna talks with the first caller, three others wait."""
    house = House()
    house.arrives(1)
    house.picks_up(1)
    house.arrives(2, 3, 4)
    return house
