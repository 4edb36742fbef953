"""§5.1 to §5.5: what agents see of a customer's directory, and what customers are told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.directory.contacts import Absence, Company, Contact, Directory, Faq, VipNote
from engine.directory.forwarding import ForwardingCode, Forwards, forwarding_codes
from engine.directory.greeting import GREETING_LENGTH, INSTRUCTIONS_LENGTH, check_greeting, greeting_locked, spoken
from engine.directory.presence import Presence, Why
from engine.directory.released import Released, ReleasedContact, released
from engine.directory.vip import ShownNote, notes_for
from engine.directory.whatif import WhatIf, what_happens
from engine.hours.opening import Opening, Reason
from engine.hours.service import ServiceHours
from engine.hours.spans import parse_week
from engine.law.checks import Refusal
from engine.terms import E164, Treatment
from tests.rules.weeks import berlin

OFFICE = ServiceHours(parse_week({"mon-fri": ["08:00-18:00"]}))
NOON = berlin("2026-03-02 12:00")
CLOSES = berlin("2026-03-02 18:00")
BACK = datetime(2026, 3, 4, 9, 0)
PERSON = Contact(
    "Meier", "Leitung", "Einkauf", "Rechnungen", E164("+4930123451"), E164("+4930123459"), "meier@example.org",
    hidden=frozenset({"tasks", "phone", "mail"}), absence=Absence("Urlaub", until=BACK, deputy="Kurz"),
)  # fmt: skip
BOSS = E164("+491701234567")
VIP = VipNote("Frau Wichtig", "Bitte sofort durchstellen", (BOSS,))
NOTE = VipNote("Herr Groß", "Angebot ist unterwegs", until=datetime(2026, 3, 2, 12, 0, 1))
ALL = Directory(
    greeting="Muster GmbH, mein Name ist {agent}.",
    absence_reason="Inventur",
    back_from=BACK,
    instructions="Keine Preise nennen.",
    contacts=(PERSON, Contact("Kurz")),
    company=Company(name="Muster GmbH", bank="DE02 1203 0000 0000 2020 51"),
    vip_notes=(NOTE, VIP),
    faq=(Faq("Anfahrt", "U2 bis Nollendorfplatz"),),
)


def test_agents_see_what_is_released_and_nothing_else() -> None:
    away = Presence(False, Why.ABSENT, berlin("2026-03-04 09:00"), "Kurz", True)
    here = Presence(True, Why.WORKING, CLOSES)
    fax = E164("+4930123459")
    assert released(ALL, OFFICE, NOON, "Anna Lindner", "0170 1234567") == Released(
        greeting="Muster GmbH, mein Name ist Anna Lindner.",
        absence_reason="Inventur",
        back_from=berlin("2026-03-04 09:00"),
        back_from_text=None,
        instructions="Keine Preise nennen.",
        contacts=(
            ReleasedContact("Meier", "Leitung", "Einkauf", None, None, fax, None, away, "Urlaub"),
            ReleasedContact("Kurz", None, None, None, None, None, None, here, None),
        ),
        company=Company(name="Muster GmbH", bank="DE02 1203 0000 0000 2020 51"),
        vip_notes=(
            ShownNote("Frau Wichtig", "Bitte sofort durchstellen", True),
            ShownNote("Herr Groß", "Angebot ist unterwegs", False),
        ),
        faq=(Faq("Anfahrt", "U2 bis Nollendorfplatz"),),
    )


DETAILS = ("position", "department", "tasks", "phone", "fax", "mail")


@given(st.frozensets(st.sampled_from(DETAILS)))
def test_5_2_1_a_hidden_field_is_nowhere_in_what_agents_get(hidden: frozenset[str]) -> None:
    shown = repr(released(replace(ALL, contacts=(replace(PERSON, hidden=hidden),)), OFFICE, NOON, "Anna", None))
    assert {name for name in DETAILS if repr(getattr(PERSON, name)) not in shown} == hidden


def test_5_2_2_the_reason_of_an_absence_is_told_only_while_it_lasts() -> None:
    later = released(ALL, OFFICE, berlin("2026-03-04 09:00"), "Anna", None)
    assert later.contacts[0].absence_reason is None
    assert later.contacts[0].presence == Presence(True, Why.WORKING, berlin("2026-03-04 18:00"))


def test_5_1_3_a_general_absence_is_over_when_it_said_it_would_be() -> None:
    before = released(ALL, OFFICE, berlin("2026-03-04 08:59:59"), "Anna", None)
    then = released(ALL, OFFICE, berlin("2026-03-04 09:00"), "Anna", None)
    assert (before.absence_reason, before.back_from) == ("Inventur", berlin("2026-03-04 09:00"))
    assert (then.absence_reason, then.back_from) == (None, None)
    text = replace(ALL, back_from=None, back_from_text="nach Ostern")
    told = released(text, OFFICE, berlin("2030-01-01 09:00"), "Anna", None)
    assert (told.absence_reason, told.back_from_text) == ("Inventur", "nach Ostern")


@pytest.mark.parametrize(
    ("caller", "called"),
    [
        ("+491701234567", True), ("01701234567", True), ("00491701234567", True), ("491701234567", True),
        ("+4917012345678", False), ("anonymous", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_5_4_a_caller_is_known_by_the_number_however_it_is_written(caller: str | None, called: bool) -> None:
    assert notes_for([VIP], caller, NOON, "Europe/Berlin") == (ShownNote(VIP.who, VIP.message, called),)


def test_5_4_notes_are_shown_from_and_up_to_their_moments() -> None:
    note = VipNote("X", "x", since=datetime(2026, 3, 2, 8), until=datetime(2026, 3, 2, 9))
    moments = ["2026-03-02 07:59:59", "2026-03-02 08:00", "2026-03-02 08:59:59", "2026-03-02 09:00"]
    shown = [len(notes_for([note], None, berlin(moment), "Europe/Berlin")) for moment in moments]
    assert shown == [0, 1, 1, 0]


def test_5_1_1_the_agents_name_stands_wherever_the_customer_wants_it() -> None:
    assert spoken("{agent} hier, {agent}!", "Anna {x}") == "Anna {x} hier, Anna {x}!"
    assert spoken("Guten Tag.", "Anna") == "Guten Tag."


@pytest.mark.parametrize(
    ("greeting", "unknown"),
    [
        ("Guten Tag, {agent}.", None),
        ("Guten Tag.", None),
        ("Guten Tag, {Agent}, {name}, {Agent}.", "{Agent}, {name}"),
        ("Guten Tag, {agent.", "{"),
        ("Guten Tag, agent}.", "}"),
        ("{{agent}}", "{, }"),
        ("{}", "{}"),
    ],
)
def test_5_1_1_what_cannot_be_filled_in_is_refused(greeting: str, unknown: str | None) -> None:
    text = f"the greeting has {unknown}, which stands for nothing: write {{agent}} for the agent's name, or no braces"
    expected = [Refusal("greeting.braces", "greeting", {"unknown": unknown}, text)] if unknown else []
    assert check_greeting(greeting) == expected


@pytest.mark.parametrize(
    ("today", "locked"),
    [(date(2026, 3, 1), False), (date(2026, 3, 14), False), (date(2026, 3, 15), True), (date(2027, 1, 1), True)],
)
def test_5_1_1_the_greeting_is_free_for_two_weeks(today: date, locked: bool) -> None:
    assert greeting_locked(date(2026, 3, 1), today) is locked
    assert greeting_locked(None, today) is False


def test_5_1_4_how_long_texts_should_be() -> None:
    assert (GREETING_LENGTH, INSTRUCTIONS_LENGTH) == (150, 300)


def test_f_the_forwarding_codes_are_filled_in() -> None:
    assert forwarding_codes(E164("+493023125101")) == (
        ForwardingCode(Forwards.AT_ONCE, "*21*03023125101#", "#21#"),
        ForwardingCode(Forwards.NO_ANSWER, "*61*03023125101#", "#61#"),
        ForwardingCode(Forwards.BUSY, "*67*03023125101#", "#67#"),
    )


@pytest.mark.parametrize(
    ("number", "outside", "dialled"),
    [
        ("+493023125101", "0", "*21*003023125101#"),
        ("+4315885801", "", "*21*004315885801#"),
        ("+4315885801", "0", "*21*0004315885801#"),
    ],
)
def test_f_codes_for_an_own_pbx_and_for_numbers_abroad(number: str, outside: str, dialled: str) -> None:
    assert forwarding_codes(E164(number), outside)[0].on == dialled


def test_3_2_what_happens_in_hours_and_outside() -> None:
    contacts = [replace(PERSON, absence=None), Contact("Lang", hours=parse_week({"mon": ["13:00-14:00"]}))]
    lang = Presence(False, Why.OFF_HOURS, berlin("2026-03-02 13:00"))
    assert what_happens(OFFICE, Treatment.ANSWERED, iter(contacts), NOON) == WhatIf(
        Opening(True, Reason.IN_HOURS),
        CLOSES,
        Treatment.ANSWERED,
        (("Meier", Presence(True, Why.WORKING, CLOSES)), ("Lang", lang)),
    )
    sunday = berlin("2026-03-01 12:00")
    opens = berlin("2026-03-02 08:00")
    assert what_happens(OFFICE, Treatment.ANSWERED, [], sunday) == WhatIf(
        Opening(False, Reason.OUTSIDE_HOURS), opens, None, ()
    )
