"""Agents, phones and trunks come out of the store as they went in."""

from __future__ import annotations

from engine.call.limits import Limits
from engine.ports import AgentProfile, Phone, Trunk
from engine.store.agents import StoredAgents
from engine.store.database import Database
from engine.terms import AgentId, AgentState, Group, PhoneKind, Skill
from tests.catalogue import FIRST, service_on

REGISTERED_TRUNK = """
trunks:
  - name: other
    match: [2001:db8::/32, 192.0.2.0/24]
    registrar: "sip:carrier.example"
    user: "4930"
    password: "a carrier's own"
    number_from: to
    max_calls: 30
    max_rate: 5
"""


async def test_agents_phones_and_trunks(database: Database) -> None:
    agents = StoredAgents(database)
    assert [await agents.profiles(), await agents.phones(), await agents.trunks()] == [[], [], []]
    await service_on(database).import_text(FIRST)
    await service_on(database).import_text(REGISTERED_TRUNK)
    german, english = Skill("german"), Skill("english")
    one, two = AgentId("agent1"), AgentId("agent2")
    static, registered = PhoneKind.STATIC, PhoneKind.REGISTERED
    assert await agents.profiles() == [
        AgentProfile(
            one, "Agent One", frozenset({german}), frozenset({Group("team1")}), AgentState.OFFLINE, None, static
        ),
        AgentProfile(two, "Agent Two", frozenset({german, english}), frozenset(), AgentState.OFFLINE, None, registered),
    ]
    assert await agents.phones() == [
        Phone(one, "Agent One", PhoneKind.STATIC, uri="sip:agent1@127.0.0.1:6170"),
        Phone(two, "Agent Two", PhoneKind.REGISTERED, password="s3cret-Phone"),
    ]
    assert await agents.trunks() == [
        Trunk("carrier", ("127.0.0.1",)),
        Trunk(
            "other",
            ("192.0.2.0/24", "2001:db8::/32"),
            "sip:carrier.example",
            "4930",
            "a carrier's own",
            "to",
            Limits(30, 5.0),
        ),
    ]
