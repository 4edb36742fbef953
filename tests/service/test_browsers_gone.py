"""An agent's browser goes away: whom the next caller is sent to, and what becomes of the call that was there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.acd.agents import BROWSER_CLOSED, SIGNED_OUT
from engine.call import commands as c
from engine.call import events as e
from engine.call.state import State
from engine.listening import commands as lc
from engine.listening import events as le
from engine.listening.state import Listening
from engine.ports import AgentProfile
from engine.service.listening_in import ListeningIn
from engine.service.lost_phones import LostPhones
from engine.terms import AgentId, AgentState, CallId, HangupCause, LegId, PhoneKind
from tests.rules.world import World
from tests.service.test_desks import ANNA, BEN, House
from tests.service.test_listening_in import BEGAN, HEARING, SARAH, Says
from tests.service.test_listening_in import House as HouseWithEars


def listening_to(house: House) -> ListeningIn:
    """Where nobody listens in yet."""
    world = World()
    return ListeningIn(house.exchange, Silent(), world, world, Says(), lambda: True)


class Silent:
    """Carries out nothing of a listening."""

    def perform(self, listening: Listening, shown: str, commands: Sequence[lc.SwitchCommand]) -> None:
        raise AssertionError("nobody listens")


LEG = LegId("c1-leg-1")
STATIC = PhoneKind.STATIC
ABSENT = HangupCause.SUBSCRIBER_ABSENT


class Switchboard:
    """Anna is ready, Ben too where he is wanted; what is ordered of the switch on account of lost phones."""

    def __init__(self, is_watched: bool = True) -> None:
        self.house = House()
        self.ordered: list[tuple[CallId, c.SwitchCommand]] = []
        self.phones = LostPhones(self.house.exchange, self, listening_to(self.house), lambda: is_watched)

    def perform(self, call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        self.ordered += [(call, command) for command in commands]

    def state(self, call: CallId) -> tuple[State, AgentId | None]:
        """Where the call is, and with whom."""
        found = self.house.exchange.calls[call]
        return found.state, found.agent


def test_whose_page_is_closed_is_rung_for_nobody_until_it_has_registered() -> None:
    here = Switchboard()
    here.phones.closed(ANNA)
    call = here.house.arrives(1)
    assert here.state(call) == (State.WAITING, None)
    here.phones.opened(ANNA)
    assert here.state(call) == (State.WAITING, None)
    here.house.exchange.phone_reachable(ANNA, True)  # the monitor: it has registered
    assert here.state(call) == (State.RINGING, ANNA)
    assert here.ordered == []


def test_where_nobody_watches_registrations_an_open_page_is_tried() -> None:
    here = Switchboard(is_watched=False)
    here.phones.closed(ANNA)
    call = here.house.arrives(1)
    here.phones.opened(ANNA)
    assert here.state(call) == (State.RINGING, ANNA)


def test_a_lost_ring_is_the_next_agents() -> None:
    here = Switchboard()
    call = here.house.arrives(1)
    here.house.exchange.set_agent(BEN, AgentState.READY)
    here.phones.closed(ANNA)
    assert here.state(call) == (State.RINGING, ANNA)
    here.phones.lost(ANNA)
    assert here.ordered == [(call, c.DropLeg(LEG, ABSENT))]
    assert here.state(call) == (State.RINGING, BEN)
    assert "missed anna: subscriber_absent" in [f"{one.what} {one.detail}" for one in here.house.world.trail]
    here.house.exchange.tell(call, e.LegEnded(LEG, HangupCause.NORMAL))  # the switch's late word
    assert here.state(call) == (State.RINGING, BEN)


def test_the_caller_of_a_lost_talk_is_served_again() -> None:
    here = Switchboard()
    call = here.house.arrives(1)
    here.house.answered(call)
    here.phones.closed(ANNA)
    assert here.state(call) == (State.TALKING, ANNA)
    here.phones.lost(ANNA)
    assert here.state(call) == (State.WAITING, None)


@pytest.mark.parametrize("who", [BEN, AgentId("nobody")])
def test_who_has_no_call_loses_none(who: AgentId) -> None:
    here = Switchboard()
    call = here.house.arrives(1)
    here.phones.lost(who)
    assert (here.state(call), here.ordered) == ((State.RINGING, ANNA), [])
    assert here.phones.state(who) is (AgentState.PAUSED if who == BEN else None)


def test_who_has_been_given_another_phone_is_not_gone_with_the_page() -> None:
    here = Switchboard()
    call = here.house.arrives(1)
    here.house.answered(call)
    here.house.exchange.staff([AgentProfile(ANNA, "Anna", frozenset(), frozenset(), AgentState.READY, None, STATIC)])
    here.phones.leaves(ANNA, BROWSER_CLOSED)
    here.house.over(call)
    here.house.exchange.end_wrap_up(ANNA)
    here.phones.closed(ANNA)
    here.phones.leaves(ANNA, BROWSER_CLOSED)
    assert here.state(here.house.arrives(2)) == (State.RINGING, ANNA)
    here.phones.leaves(ANNA, SIGNED_OUT)
    here.phones.lost(ANNA)
    assert here.phones.state(ANNA) is AgentState.OFFLINE


async def test_a_supervisor_whose_page_is_gone_listens_no_longer_and_both_are_not_told_so_any_more() -> None:
    house = HouseWithEars()
    phones = LostPhones(house.exchange, house.world, house.listening, lambda: True)
    assert not phones.listens(SARAH)
    await house.begins(*HEARING)
    house.taken()
    assert (phones.listens(SARAH), phones.listens(ANNA), phones.state(SARAH)) == (True, False, AgentState.PAUSED)
    phones.closed(SARAH)
    assert (house.taken(), house.listening.heard_by(ANNA)) == ([], SARAH), "the page may come back"
    phones.lost(SARAH)
    assert house.taken() == [lc.Untap(), lc.Unjoin(), lc.DropSupervisor()]
    assert house.listening.heard_by(ANNA) is None
    house.says_of_it(le.SnoopEnded(), le.LegEnded())
    assert not phones.listens(SARAH)
    assert house.trail() == [*BEGAN, "listening_over sarah, stopped"]
