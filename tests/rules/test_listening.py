"""The machine of a listening, row by row, and a supervisor's minutes at another's call in full lists of orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.law.listening import MayListen, may_listen
from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.machine import IGNORED, TABLE, Impossible, Kind, step
from engine.listening.state import PREFIX, TOLD, State
from engine.listening.steps import begin
from engine.ports import Line
from engine.terms import E164, HangupCause, NumberClass
from tests.rules import listening_diagram
from tests.rules.calls import NOON
from tests.rules.listenings import SARAH, WAY, event_of, every_pair, in_state, ordered, told, walk


@pytest.mark.parametrize(("state", "kind"), every_pair())
def test_every_state_with_every_event(state: State, kind: Kind) -> None:
    listening, event = in_state(state), event_of(kind)
    if (state, kind) in TABLE:
        assert (state, kind) not in IGNORED, "a row is either a step or a race"
        after, orders = step(listening, event, NOON)
        assert after.id == listening.id
        assert all(isinstance(order, c.Command) for order in orders)
    elif (state, kind) in IGNORED:
        assert step(listening, event, NOON) == (listening, ())
    else:
        with pytest.raises(Impossible):
            step(listening, event, NOON)


def test_the_diagram_is_drawn_from_the_table() -> None:
    said = "run: python -m tests.rules.listening_diagram"
    assert listening_diagram.PAGE.read_text(encoding="utf-8") == listening_diagram.page(), said


def test_everything_that_belongs_to_it_can_be_told_from_a_call() -> None:
    listening = ordered()
    ids = (listening.id, listening.leg, listening.snoop, listening.play)
    assert ids == ("ear-vz-1.7-1", "ear-vz-1.7-1-leg", "ear-vz-1.7-1-snoop", "ear-vz-1.7-1-play")
    assert all(one.startswith(PREFIX) for one in ids)


def test_both_are_told_before_anything_is_heard() -> None:
    listening, orders = begin(ordered(), 20.0)
    assert orders == [
        c.Note("listening_ordered", "sarah to anna, ordered by sarah.lead"),
        c.DialSupervisor(SARAH),
        c.StartTimer(c.Timer.RING, 20.0),
    ]
    steps: list[tuple[e.Event, list[c.Command]]] = [
        (e.PickedUp(), [c.Tell("listening-in"), c.StartTimer(c.Timer.TELL, 30.0)]),
        (e.Told(), [c.Note("listening_announced"), c.Tap(), c.StartTimer(c.Timer.TAP, 5.0)]),
        (e.Tapped(), [c.Join()]),
        (e.Joined(), [c.Note("listening_began", "sarah")]),
    ]
    for event, expected in steps:
        assert listening.since is None, "nothing is heard yet"
        listening, orders = walk(listening, event)
        assert told(orders) == expected
    assert (listening.state, listening.since) == (State.HEARING, NOON + timedelta(seconds=1))


CLEAR = c.StartTimer(c.Timer.CLEAR, 5.0)
OVER = "listening_over"
FAILED = "listening_failed"
ENDS: list[tuple[State, e.Event, list[c.Command]]] = [
    (State.RINGING, e.TalkOver(), [c.DropSupervisor(), c.Note(FAILED, "sarah, conversation over"), CLEAR]),
    (State.RINGING, e.Stopped("ready"), [c.DropSupervisor(), c.Note(FAILED, "sarah, ready"), CLEAR]),
    (
        State.RINGING,
        e.TimerFired(c.Timer.RING),
        [c.DropSupervisor(HangupCause.NO_ANSWER), c.Note(FAILED, "sarah, not picked up, no_answer"), CLEAR],
    ),
    (
        State.TELLING,
        e.TalkOver(),
        [c.StopTelling(), c.DropSupervisor(), c.Note(FAILED, "sarah, conversation over"), CLEAR],
    ),
    (
        State.TELLING,
        e.NotTold(),
        [c.StopTelling(), c.DropSupervisor(), c.Note(FAILED, "sarah, announcement not played"), CLEAR],
    ),
    (
        State.TELLING,
        e.TimerFired(c.Timer.TELL),
        [c.StopTelling(), c.DropSupervisor(), c.Note(FAILED, "sarah, tell time over"), CLEAR],
    ),
    (
        State.TAPPING,
        e.OrderRefused(c.Tap(), "404 Not Found"),
        [c.DropSupervisor(), c.Note(FAILED, "sarah, Tap: 404 Not Found"), CLEAR],
    ),
    (
        State.JOINING,
        e.OrderRefused(c.Join(), "422"),
        [c.Untap(), c.Unjoin(), c.DropSupervisor(), c.Note(FAILED, "sarah, Join: 422"), CLEAR],
    ),
    (
        State.HEARING,
        e.TalkOver(),
        [c.Untap(), c.Unjoin(), c.DropSupervisor(), c.Note(OVER, "sarah, conversation over"), CLEAR],
    ),
    (State.HEARING, e.LegEnded(), [c.Untap(), c.Unjoin(), c.Note(OVER, "sarah, supervisor left"), CLEAR]),
    (State.HEARING, e.SnoopEnded(), [c.Unjoin(), c.DropSupervisor(), c.Note(OVER, "sarah, conversation over"), CLEAR]),
]


@pytest.mark.parametrize(("state", "event", "expected"), ENDS)
def test_whatever_ends_it_ends_all_of_it(state: State, event: e.Event, expected: list[c.Command]) -> None:
    listening, orders = walk(in_state(state), event)
    assert (listening.state, told(orders)) == (State.CLEARING, expected)
    stopped = {order.name for order in orders if isinstance(order, c.StopTimer)}
    assert stopped == set(c.Timer) - {c.Timer.CLEAR}
    rest: list[e.Event] = [e.LegEnded()] if listening.has_leg else []
    rest += [e.SnoopEnded()] if listening.has_snoop else []
    listening, orders = walk(listening, *rest)
    assert (listening.state, told(orders)) == (State.ENDED, [])
    assert c.StopTimer(c.Timer.CLEAR) in orders


def test_a_phone_that_rejects_it_tells_nobody_anything() -> None:
    listening, orders = walk(ordered(), e.LegEnded(HangupCause.BUSY))
    assert listening.state is State.ENDED
    assert told(orders) == [c.Note(FAILED, "sarah, not picked up, busy"), CLEAR]
    assert c.StopTimer(c.Timer.CLEAR) in orders


def test_who_hangs_up_while_both_are_told_stops_that() -> None:
    listening, orders = walk(in_state(State.TELLING), e.LegEnded())
    assert told(orders) == [c.StopTelling(), c.Note(FAILED, "sarah, supervisor left"), CLEAR]
    assert listening.state is State.ENDED


def test_what_comes_to_be_too_late_is_told_again_to_end() -> None:
    ringing, _ = walk(ordered(), e.Stopped("stopped"))
    assert walk(ringing, e.PickedUp())[1] == [c.DropSupervisor()]
    tapping, _ = walk(in_state(State.TAPPING), e.TalkOver())
    assert walk(tapping, e.Tapped())[1] == [c.Untap()]
    tapping, _ = walk(tapping, e.LegEnded())
    assert walk(tapping, e.OrderRefused(c.Tap(), "404"))[0].state is State.ENDED
    assert walk(tapping, e.OrderRefused(c.Untap(), "500"))[0] == tapping


def test_an_end_that_is_never_told_keeps_nobody() -> None:
    clearing = in_state(State.CLEARING)
    listening, orders = walk(clearing, e.TimerFired(c.Timer.CLEAR))
    assert (listening.state, told(orders)) == (State.ENDED, [c.DropSupervisor(), c.Untap()])
    listening, orders = walk(replace(clearing, has_leg=False), e.TimerFired(c.Timer.CLEAR))
    assert (listening.state, told(orders)) == (State.ENDED, [c.Untap()])


@pytest.mark.parametrize("state", [state for state in State if state is not State.ENDED])
def test_a_lost_link_ends_it_for_us_without_an_order(state: State) -> None:
    listening, orders = walk(in_state(state), e.LinkLost())
    last = {State.HEARING: [c.Note(OVER, "sarah, link lost")], State.CLEARING: []}
    assert (listening.state, told(orders)) == (State.ENDED, last.get(state, [c.Note(FAILED, "sarah, link lost")]))


def test_who_is_told_of_it_at_the_desk() -> None:
    assert {state for state in State if state not in TOLD} == {State.RINGING, State.CLEARING, State.ENDED}
    assert set(WAY) == set(State)


def line(number_class: NumberClass) -> Line:
    return Line(E164("+493099887700"), number_class)


@pytest.mark.parametrize(
    ("agreed", "classes", "answer"),
    [
        (True, [], MayListen.YES),
        (True, [NumberClass.GEOGRAPHIC, NumberClass.FIXED_PRICE], MayListen.YES),
        (True, [NumberClass.GEOGRAPHIC, NumberClass.PER_MINUTE], MayListen.PER_MINUTE),
        (True, [NumberClass.UNKNOWN], MayListen.PER_MINUTE),
        (False, [NumberClass.GEOGRAPHIC], MayListen.NOT_AGREED),
        (False, [NumberClass.PER_MINUTE], MayListen.NOT_AGREED),
    ],
)
def test_the_customer_must_have_agreed_and_no_caller_pays_for_being_told(
    agreed: bool, classes: list[NumberClass], answer: MayListen
) -> None:
    assert may_listen(agreed, map(line, classes)) is answer
