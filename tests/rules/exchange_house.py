"""The exchange that things happen to, and whom they happen to."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from engine.acd.agents import AcdSettings
from engine.acd.need import Circle
from engine.call.limits import Limits
from engine.call.state import Call, State
from engine.ports import AgentProfile, Trunk
from engine.service.exchange import Exchange
from engine.terms import (
    AgentId,
    AgentState,
    CallId,
    Group,
    LegId,
    Skill,
)
from tests.rules.world import World

GERMAN, ENGLISH, TEAM = Skill("german"), Skill("english"), Group("team1")
STAFF = [
    AgentProfile(AgentId("anna"), "Anna", frozenset({GERMAN}), frozenset({TEAM}), AgentState.READY),
    AgentProfile(AgentId("ben"), "Ben", frozenset({GERMAN, ENGLISH}), frozenset(), AgentState.READY),
    AgentProfile(AgentId("cem"), "Cem", frozenset(), frozenset({TEAM}), AgentState.READY),
]
CIRCLES = [
    Circle(),
    Circle(frozenset({GERMAN})),
    Circle(frozenset({ENGLISH})),
    Circle(groups=frozenset({TEAM})),
]
MOST = 3
"""Calls at once that a customer or the narrow trunk may have."""


class House(RuleBasedStateMachine):
    """Nothing has happened yet."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.admitted: list[CallId] = []
        self.exchange = self.engine()
        self.staff = {profile.id for profile in STAFF}
        self.count = 0
        self.lost = False

    def engine(self) -> Exchange:
        world = self.world
        exchange = Exchange(
            world, world, world, world, AcdSettings(wrap_up=10.0), lambda call, *_: self.admitted.append(call)
        )
        exchange.staff(STAFF)
        exchange.gate.trunks([Trunk("narrow", limits=Limits(MOST, 200.0)), Trunk("wide")])
        return exchange

    def any_leg(self, data: st.DataObject) -> tuple[CallId, LegId]:
        leg = data.draw(st.sampled_from(list(self.world.legs)[-6:]))
        return self.world.legs[leg], leg

    def in_state(self, *states: State) -> list[Call]:
        return [call for call in self.exchange.calls.values() if call.state in states]

    def any_call(self, data: st.DataObject) -> CallId:
        return CallId(f"c{data.draw(st.integers(max(1, self.count - 8), self.count))}")
