"""A listening under any order of events, with duplicates and losses: nothing is heard unannounced, nothing is left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.machine import KINDS, Impossible, step
from engine.listening.state import Listening, State
from engine.listening.steps import begin
from tests.rules.calls import NOON
from tests.rules.listenings import event_of, ordered

EVENTS = st.one_of(st.sampled_from([event_of(kind) for kind in KINDS]), st.just(e.OrderRefused(c.Tap(), "404")))


class Run:
    """What was said and ordered so far."""

    def __init__(self) -> None:
        self.listening, orders = begin(ordered(), 20.0)
        self.orders: list[c.Command] = list(orders)
        self.said: list[e.Event] = []

    def hears(self, event: e.Event) -> None:
        """The switch says so; what cannot be changes nothing."""
        before: Listening = self.listening
        try:
            self.listening, orders = step(before, event, NOON)
        except Impossible:
            assert self.listening is before
            return
        self.orders += orders
        self.said.append(event)
        self.nothing_is_heard_unannounced(list(orders))

    def nothing_is_heard_unannounced(self, orders: list[c.Command]) -> None:
        """What is listened with is made after the announcement's end, and heard once it is there."""
        if c.Tap() in orders:
            assert self.said[-1] == e.Told() and e.PickedUp() in self.said
        if c.Join() in orders:
            assert c.Tap() in self.orders and e.Told() in self.said
        if self.listening.since:
            assert c.Join() in self.orders

    def ends(self) -> None:
        """Somebody stops it, and the switch says nothing any more."""
        self.hears(e.Stopped("stopped"))
        self.hears(e.TimerFired(c.Timer.CLEAR))
        assert self.listening.state is State.ENDED

    def nothing_is_left(self) -> None:
        """Each channel has said that it ended, or was told to; so was the bridge. After a lost link others do it."""
        if e.LinkLost() in self.said:
            return
        has_ended = any(isinstance(one, e.LegEnded) for one in self.said)
        assert has_ended or any(isinstance(one, c.DropSupervisor) for one in self.orders)
        if c.Tap() in self.orders:
            was_none = e.SnoopEnded() in self.said or e.OrderRefused(c.Tap(), "404") in self.said
            assert was_none or c.Untap() in self.orders
        assert (c.Join() in self.orders) == (c.Unjoin() in self.orders)
        assert sum(isinstance(one, c.Note) and one.what in ENDS for one in self.orders) == 1


ENDS = ("listening_over", "listening_failed")


@given(st.lists(EVENTS, max_size=14))
def test_any_order_with_duplicates_and_losses(events: list[e.Event]) -> None:
    run = Run()
    for event in events:
        run.hears(event)
    run.ends()
    run.nothing_is_left()


WAY: list[e.Event] = [e.PickedUp(), e.Told(), e.Tapped(), e.Joined(), e.TalkOver(), e.SnoopEnded(), e.LegEnded()]


@given(st.data())
def test_the_usual_way_with_duplicates_losses_and_two_changed_places(data: st.DataObject) -> None:
    way = [event for event in WAY for _ in range(data.draw(st.sampled_from([0, 1, 1, 1, 2])))]
    if len(way) > 1:
        place = data.draw(st.integers(0, len(way) - 2))
        way[place], way[place + 1] = way[place + 1], way[place]
    run = Run()
    for event in way:
        run.hears(event)
    run.ends()
    run.nothing_is_left()
