"""An engine with a switch in memory and Muster in the store: callers who are put through to Eva Brandt's numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.call.state import State
from engine.main.desks import RunningDesks
from engine.ports import AgentProfile, Trunk
from engine.service.customers import CustomerService
from engine.service.exchange import Exchange
from engine.service.outbound import Dialling, Outbound
from engine.service.transfers import Transfers
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164, AgentId, AgentState, CallId, HangupCause, LegId
from engine.transfer import ways
from engine.transfer.limits import Allowance
from tests.catalogue import CLASSES, RULES
from tests.customers import MUSTER, SUPPORT, two_customers
from tests.rules.calls import NOON, NUMBER, plan
from tests.rules.world import World

ANNA, BEN = AgentId("agent1"), AgentId("ben")
STAFF = [
    AgentProfile(ANNA, "Anna", frozenset(), frozenset(), AgentState.READY),
    AgentProfile(BEN, "Ben", frozenset(), frozenset(), AgentState.PAUSED, "lunch"),
]
EVA, OWN = "Eva Brandt", "+493023125100"
MOBILE, OFFICE = E164("+491713920099"), E164("+493023125044")


class House:
    """Anna is ready, Ben is at lunch; Eva Brandt has a mobile and an office number."""

    def __init__(self, database: Database, editing: CustomerService) -> None:
        self.editing, self.world = editing, World()
        world = self.world
        self.exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
        self.exchange.staff(STAFF)
        self.outbound = Outbound(lambda: Dialling(CLASSES, "49", RULES.transfer_countries), world.now, Allowance(9, 60))
        self.outbound.trunks([Trunk("carrier", outbound=ways.Outbound(1, "sip:carrier.example"))])
        numbers = StoredCustomers(database, CLASSES)
        self.transfers = Transfers(editing, numbers, self.outbound, world.now, CLASSES)
        self.desks = RunningDesks(self.exchange)

    def arrives(self, n: int = 1, *, may_hold: bool = True) -> CallId:
        """The n-th call, which rings at Anna's."""
        call = CallId(f"c{n}")
        self.exchange.offered(e.Offered(call, NUMBER, "+491713920001", None, NOON, n))
        self.exchange.tell(call, e.CustomerFound(NUMBER, replace(plan(), may_hold=may_hold), True, "in_hours"))
        return call

    def talks(self, n: int = 1, *, may_hold: bool = True) -> CallId:
        """The n-th call, which Anna has picked up."""
        call = self.arrives(n, may_hold=may_hold)
        self.exchange.tell(call, e.LegAnswered(LegId(f"{call}-leg-1")))
        self.exchange.tell(call, e.CallerAnswered())
        return call

    def state(self, call: CallId) -> State:
        """Where it is."""
        return self.exchange.calls[call].state

    def target(self, call: CallId, *, answers: bool = False, ends: HangupCause | None = None) -> None:
        """The target that is dialled rings, and answers or ends with this cause."""
        leg = self.exchange.calls[call].target
        assert leg
        if ends is not None:
            return self.exchange.tell(call, e.TargetEnded(leg, ends))
        self.exchange.tell(call, e.TargetAnswered(leg) if answers else e.TargetRinging(leg))

    def noted(self, call: CallId, what: str) -> list[str]:
        """The details of these notes in the call's trail."""
        return [one.detail for one in self.world.trail if (one.call, one.what) == (call, what)]


async def house_on(database: Database) -> House:
    """Muster's, with Eva's two numbers and a number on record."""
    house = House(database, await two_customers(database, datetime(2026, 11, 25, 11, 0, tzinfo=UTC)))
    targets = {"targets": [{"number": MOBILE}, {"number": OFFICE}]}
    changes = {f"contacts/{EVA}/transfer": targets, "shown_numbers": [{"number": OWN, "right": "contract"}]}
    await house.editing.save(MUSTER, changes, {}, SUPPORT)
    return house
