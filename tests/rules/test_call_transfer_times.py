"""What counts as talked by a target to the caller: what the two have heard of each other, and nothing else (§2.3)."""

from __future__ import annotations

import msgspec
import pytest

from engine.call import events as e
from engine.call.state import Call, State
from engine.terms import HangupCause
from engine.transfer.plan import Result
from tests.rules.calls import LEG, OUT, in_state, then


def happens(*words: tuple[float, e.Event]) -> Call:
    """Each so many seconds after noon; agent and target have talked since the sixth."""
    call = in_state(State.CONSULTING)
    for seconds, event in words:
        call, _ = then(call, event, seconds)
    return call


def test_a_conference_is_talk_and_the_music_after_it_is_none() -> None:
    call = happens((10, e.Conferred()), (40, e.Swapped()), (100, e.Swapped()), (130, e.TargetEnded(OUT)))
    assert call.state is State.TALKING
    assert call.transferred_ms == 30_000, "the conference; neither the music nor what the agent said to the caller"
    assert call.attempts[-1].result is Result.PUT_THROUGH


def test_every_span_counts() -> None:
    call = happens((10, e.Conferred()), (40, e.Swapped()), (60, e.Conferred()), (65, e.Swapped()), (90, e.HandedOver()))
    assert call.state is State.PUT_THROUGH
    call, _ = then(call, e.TargetEnded(OUT), 190)
    assert call.transferred_ms == 30_000 + 5_000 + 100_000


@pytest.mark.parametrize("end", [e.TakenBack(), e.CallerGone(), e.TargetEnded(OUT), e.Skipped()])
def test_it_ends_while_the_caller_hears_music(end: e.Event) -> None:
    call = happens((10, e.Conferred()), (40, e.Swapped()), (100, end))
    assert call.transferred_ms == 30_000


def test_another_engine_goes_on_counting() -> None:
    call = happens((10, e.Conferred()), (40, e.Swapped()))
    call = msgspec.json.decode(msgspec.json.encode(call), type=Call)
    for seconds, event in ((60, e.HandedOver()), (70, e.TargetEnded(OUT))):
        call, _ = then(call, event, seconds)
    assert call.transferred_ms == 40_000


@pytest.mark.parametrize("agent", ["leaves", "stays"])
def test_a_dead_line_is_not_charged_with_its_silence(agent: str) -> None:
    """The switch has heard nothing of the target for a minute."""
    left: list[tuple[float, e.Event]] = [(20.0, e.HandedOver()), (21.0, e.LegEnded(LEG))] if agent == "leaves" else []
    silent = e.TargetEnded(OUT, HangupCause.OUT_OF_ORDER, silent=60.0)
    call = happens((10, e.Conferred()), *left, (100, silent))
    assert call.state is (State.CLEARING if left else State.TALKING)
    assert call.transferred_ms == 30_000


def test_a_line_that_was_dead_from_the_beginning_costs_nothing() -> None:
    call = happens((10, e.HandedOver()), (40, e.TargetEnded(OUT, HangupCause.OUT_OF_ORDER, silent=60.0)))
    assert (call.transferred_ms, call.attempts[-1].result) == (0, Result.PUT_THROUGH)
