"""The whole message as a telephone note (§5.2.3.1)."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.letter import WIDTH, plain, rows, subject
from engine.message.slip import Slip, Tick, Urgency
from engine.message.words import Wording, wording
from tests.rules.slips import BARE, WHOLE, slip

URL = "https://portal.example/messages/7"
ANYTHING = st.text(st.characters(categories=None), max_size=200)


def test_5_2_3_1_the_note_in_its_order() -> None:
    assert rows(WHOLE, "Bäckerei Korn", "de") == (
        ("Nachricht für", "Eva Korn"),
        ("Anrufer", "Jürgen Groß"),
        ("Firma", "Mühle Krüger"),
        ("Rückrufnummer", "+4930123450"),
        ("Betreff", "Ofen"),
        ("Dringlichkeit", "Dringend"),
        ("Der Anrufer", "bittet um Rückruf, bittet um einen Termin"),
        ("Kundennummer", "4711"),
        ("Aufgenommen", "am 21.11.2026 um 00:30 Uhr von Anna Lindner"),
        ("Nachricht", "Der Ofen ist kalt.\nBitte heute noch."),
    )


def test_in_english() -> None:
    assert dict(rows(WHOLE, "Bäckerei Korn", "en")) == {
        "Message for": "Eva Korn",
        "Caller": "Jürgen Groß",
        "Company": "Mühle Krüger",
        "Call-back number": "+4930123450",
        "Subject": "Ofen",
        "Urgency": "Urgent",
        "The caller": "asks to be called back, asks for an appointment",
        "Kundennummer": "4711",
        "Taken": "on 21/11/2026 at 00:30 by Anna Lindner",
        "Message": "Der Ofen ist kalt.\nBitte heute noch.",
    }


def test_what_nobody_has_written_is_left_out() -> None:
    assert rows(slip(ticks=frozenset({Tick.WILL_CALL_AGAIN})), "Bäckerei Korn", "de") == (
        ("Nachricht für", "alle bei Bäckerei Korn"),
        ("Der Anrufer", "ruft wieder an"),
        ("Aufgenommen", "am 21.11.2026 um 00:30 Uhr von Anna Lindner"),
    )


@pytest.mark.parametrize(
    ("taken", "shown"),
    [
        (WHOLE, "Dringend: Jürgen Groß (Mühle Krüger) für Eva Korn – Ofen"),
        (replace(WHOLE, urgency=Urgency.EMERGENCY, company=""), "Notfall: Jürgen Groß für Eva Korn – Ofen"),
        (slip(company="Mühle Krüger", contact="Eva Korn"), "Mühle Krüger für Eva Korn"),
        (slip(number="+4930123450"), "+4930123450 für alle bei Bäckerei Korn"),
        (slip(text="Ofen"), "Unbekannter Anrufer für alle bei Bäckerei Korn"),
        (slip(company="K", contact="Eva", subject="Ofen\r\nBcc: a@x.example"), "K für Eva – Ofen Bcc: a@x.example"),
    ],
)  # fmt: skip
def test_the_subject_says_how_urgent_who_for_whom_and_what(taken: Slip, shown: str) -> None:
    assert subject(taken, "Bäckerei Korn", "de") == shown


def test_the_whole_message_as_text() -> None:
    long = " ".join(["Der Ofen ist kalt."] * 8)
    assert plain(replace(WHOLE, subject=long, text=f"{long}\n\nBitte heute noch."), "Bäckerei Korn", "de", URL) == (
        "Nachricht für:  Eva Korn\n"
        "Anrufer:        Jürgen Groß\n"
        "Firma:          Mühle Krüger\n"
        "Rückrufnummer:  +4930123450\n"
        "Betreff:        Der Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt. Der\n"
        "                Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt. Der\n"
        "                Ofen ist kalt. Der Ofen ist kalt.\n"
        "Dringlichkeit:  Dringend\n"
        "Der Anrufer:    bittet um Rückruf, bittet um einen Termin\n"
        "Kundennummer:   4711\n"
        "Aufgenommen:    am 21.11.2026 um 00:30 Uhr von Anna Lindner\n"
        "\n"
        "Der Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt.\n"
        "Der Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt. Der Ofen ist kalt.\n"
        "\n"
        "Bitte heute noch.\n"
        "\n"
        "Nachricht im Portal:\n"
        "https://portal.example/messages/7\n"
    )


def test_without_portal_and_without_text() -> None:
    assert plain(slip(contact="Eva Korn", subject="Ofen"), "Bäckerei Korn", "en", None) == (
        "Message for:  Eva Korn\nSubject:      Ofen\nTaken:        on 21/11/2026 at 00:30 by Anna Lindner\n"
    )


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_lines_are_short_where_words_are_and_nothing_is_lost(name: str, topic: str, text: str, value: str) -> None:
    taken = replace(BARE, contact=name, subject=topic, text=text, fields=(("Kundennummer", value),))
    whole = plain(taken, "Bäckerei Korn", "de", URL)
    assert all(len(line) <= WIDTH or len(max(line.split(), key=len)) > WIDTH / 2 for line in whole.splitlines())
    found = whole.split()
    for words in (name.split(), topic.split(), text.split(), value.split()):
        assert not words or any(found[at : at + len(words)] == words for at in range(len(found)))
    assert "\n" not in subject(taken, "Bäckerei Korn", "de")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_of_the_rules_is_there_in_every_language(language: str) -> None:
    words = wording(language)
    assert set(words.wants) == set(Tick)
    assert set(words.urgencies) == set(Urgency) - {Urgency.NORMAL}
    assert all(getattr(words, field.name) for field in fields(Wording))


def test_another_language_gets_german() -> None:
    assert wording("fr") is wording("de") is not wording("en")
