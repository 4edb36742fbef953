"""The message taken: what an agent may write, and what becomes of it afterwards (§5.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.slip import LONGEST, Slip, Tick, mistakes, tidy
from engine.message.states import DeliveryState, Marks, State, Summary, marked, opened, summed_up
from engine.terms import AgentId, unreadable

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
BLANK = Slip(AgentId("anna"), "Anna Lindner", NOON)
STATES = st.sampled_from(list(DeliveryState))


def told(slip: Slip) -> list[tuple[str, str, str]]:
    """What an agent is told of the slip at a customer with one contact."""
    return [(one.path, one.wrong.code, str(one.wrong)) for one in mistakes(tidy(slip), ["Eva Korn"])]


@pytest.mark.parametrize(
    "written",
    [
        {"text": "Der Ofen ist kalt."},
        {"subject": "Ofen"},
        {"ticks": frozenset({Tick.WILL_CALL_AGAIN})},
        {"ticks": frozenset({Tick.CALL_BACK}), "number": "030 555"},
        {"ticks": frozenset({Tick.CALL_BACK}), "company": "Mühle Krüger"},
        {"contact": "Eva Korn", "text": "Die Torte!"},
        {"text": "x" * 4000, "subject": "x" * 120, "number": "1" * 40},
    ],
)
def test_what_a_telephone_note_says_is_enough(written: dict[str, object]) -> None:
    assert told(replace(BLANK, **written)) == []  # type: ignore[arg-type]


def test_every_mistake_is_told_at_once_in_the_order_of_the_fields() -> None:
    assert told(BLANK) == [("text", "message.empty", "write a subject or a text, or tick what the caller wants")]
    whole = replace(
        BLANK, contact="Ida Korn", ticks=frozenset({Tick.CALL_BACK}), subject="x" * 121, text="x" * 4001
    )  # fmt: skip
    assert told(whole) == [
        ("contact", "unknown.contact", "there is no contact 'Ida Korn'"),
        ("caller_name", "message.who", "write who asks to be called back: a name, a company or a number"),
        ("subject", "message.long", "write at most 120 characters"),
        ("text", "message.long", "write at most 4000 characters"),
    ]
    (named,) = mistakes(replace(BLANK, contact="Ida Korn", subject="x"), [])
    assert named.wrong.values == {"name": "Ida Korn"}


def test_what_a_customer_wants_to_be_asked_for_is_part_of_it() -> None:
    slip = tidy(replace(BLANK, fields=(("Größe", " M\0\n"), ("Farbe", ""))))
    assert slip.fields == (("Größe", "M"), ("Farbe", ""))
    assert told(slip) == []
    assert [one for _, one, _ in told(replace(BLANK, fields=(("Farbe", ""),)))] == ["message.empty"]
    assert told(replace(BLANK, text="x", fields=(("a", "x" * 200), ("b", "x" * 201)))) == [
        ("fields.1", "message.long", "write at most 200 characters")
    ]
    many = tuple((str(n), "x") for n in range(9))
    assert [path for path, _, _ in told(replace(BLANK, fields=many))] == ["fields.8"]


def test_blanks_alone_are_nothing() -> None:
    assert [one for _, one, _ in told(replace(BLANK, subject=" \t", text="\r\n \u00a0"))] == ["message.empty"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("030 / 555-123", "+4930555123"),
        ("0049 30 555123", "+4930555123"),
        ("+43 1 58858", "+43158858"),
        ("\u200e+49\u00a030 555", "+4930555"),
        ("555 123", "555 123"),
        ("030 555 Durchwahl 7", "030 555 Durchwahl 7"),
        ("unterdrückt", "unterdrückt"),
        ("00", "00"),
        ("", ""),
    ],
)
def test_a_number_has_one_form_if_it_is_one(typed: str, kept: str) -> None:
    assert tidy(replace(BLANK, number=typed)).number == kept


def test_what_cannot_be_read_is_taken_out() -> None:
    slip = replace(BLANK, caller_name=" Frau\u00a0 Krü\u00adger\n", text="\n Eins\x00 \r\n\r\n\tzwei\ud800  drei \n")
    assert (tidy(slip).caller_name, tidy(slip).text) == ("Frau Krüger", "Eins\n\n zwei  drei")


@given(st.builds(Slip, *map(st.just, ("anna", "Anna", NOON)), **{name: st.text() for name in LONGEST}))
def test_a_tidy_slip_stays_as_it_is_and_can_be_read(slip: Slip) -> None:
    once = tidy(slip)
    assert tidy(once) == once
    assert not any(unreadable(getattr(once, name)) for name in LONGEST)
    assert not any("\n" in getattr(once, name) for name in LONGEST if name != "text")


def test_5_6_a_message_is_read_done_opened_again_and_new_again() -> None:
    at = [NOON + timedelta(minutes=n) for n in range(4)]
    read = opened(Marks(), "petra", at[0])
    assert read == Marks(State.READ, at[0], "petra")
    assert opened(read, "max", at[1]) == read
    done = marked(read, State.DONE, "max", at[1])
    assert done == Marks(State.DONE, at[0], "petra", at[1], "max")
    assert marked(done, State.DONE, "petra", at[2]) == done
    assert opened(done, "petra", at[2]) == done
    assert marked(done, State.READ, "petra", at[2]) == read
    assert marked(done, State.NEW, "petra", at[2]) == Marks()
    assert marked(Marks(), State.DONE, "max", at[3]) == Marks(State.DONE, at[3], "max", at[3], "max")


@given(st.lists(st.tuples(st.sampled_from(State), st.sampled_from(["petra", "max"])), max_size=9))
def test_the_marks_always_say_who(steps: list[tuple[State, str]]) -> None:
    marks = Marks()
    for n, (wanted, who) in enumerate(steps):
        marks = marked(marks, wanted, who, NOON + timedelta(minutes=n))
        assert marks.state is wanted
        assert (marks.read_at is None) == (marks.read_by is None) == (wanted is State.NEW)
        assert (marks.done_at is None) == (marks.done_by is None) == (wanted is not State.DONE)


@pytest.mark.parametrize(
    ("deliveries", "summary"),
    [
        ("", Summary.NONE),
        ("queued", Summary.UNDER_WAY),
        ("sent sending", Summary.UNDER_WAY),
        ("sent delivered", Summary.SENT),
        ("delivered", Summary.SENT),
        ("sent acknowledged", Summary.ACKNOWLEDGED),
        ("acknowledged queued", Summary.ACKNOWLEDGED),
        ("failed failed", Summary.FAILED),
        ("failed queued", Summary.PARTLY_FAILED),
        ("failed acknowledged", Summary.PARTLY_FAILED),
    ],
)
def test_deliveries_in_one_word(deliveries: str, summary: Summary) -> None:
    assert summed_up(map(DeliveryState, deliveries.split())) is summary


@given(st.lists(STATES))
def test_the_one_word_does_not_depend_on_the_order_and_hides_no_failure(states: list[DeliveryState]) -> None:
    assert summed_up(states) is summed_up(reversed(states))
    failed = summed_up(states) in (Summary.FAILED, Summary.PARTLY_FAILED)
    assert failed == (DeliveryState.FAILED in states)
