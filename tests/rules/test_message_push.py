"""A message as Pushover takes it (§5.2.3.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.push import Push, push
from engine.message.slip import Urgency
from tests.rules.slips import WHOLE, slip

URL = "https://portal.example/messages/7"
ANYTHING = st.text(st.characters(categories=None), max_size=3000)


def pushed(options: dict[str, Any], url: str | None = URL, **written: Any) -> Push:
    return push(replace(WHOLE, **written), "Bäckerei Korn", options, url, "de")


def test_5_2_3_3_a_message_with_the_callers_words_first() -> None:
    assert pushed({}) == Push(
        title="Dringend: Jürgen Groß (Mühle Krüger) für Eva Korn – Ofen",
        text="Der Ofen ist kalt.\nBitte heute noch.\nNachricht für: Eva Korn\nAnrufer: Jürgen Groß\n"
        "Firma: Mühle Krüger\nRückrufnummer: +4930123450\nBetreff: Ofen\nDringlichkeit: Dringend\n"
        "Der Anrufer: bittet um Rückruf, bittet um einen Termin\nKundennummer: 4711\n"
        "Aufgenommen: am 21.11.2026 um 00:30 Uhr von Anna Lindner",
        url=URL,
        url_title="Nachricht im Portal",
        priority=0,
        retry=None,
        expire=None,
    )  # fmt: skip


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize(("level", "priority"), [("normal", 0), ("high", 1), ("emergency", 2)])
def test_5_2_3_3_the_level_is_the_contacts_however_urgent_it_is(level: str, priority: int, urgency: Urgency) -> None:
    found = pushed({"level": level}, urgency=urgency)
    assert (found.priority, found.retry is None) == (priority, priority < 2)


@pytest.mark.parametrize(
    ("entered", "sent"),
    [
        ({"retry": 60, "expire": 3000}, (60, 3000)),
        ({"retry": 60, "expire": 3600}, (72, 3600)),
        ({"retry": 30, "expire": 10_800}, (216, 10_800)),
        ({"retry": 10_800, "expire": 60}, (60, 60)),
        ({"retry": 1, "expire": 1}, (30, 30)),
        ({"retry": 30, "expire": 99_999}, (216, 10_800)),
        ({}, (72, 3600)),
    ],
)
def test_an_emergency_is_repeated_until_it_expires_within_pushovers_limits(
    entered: dict[str, int], sent: tuple[int, int]
) -> None:
    found = pushed({"level": "emergency", **entered})
    assert (found.retry, found.expire) == sent


@given(st.integers(-1, 20_000), st.integers(-1, 20_000))
def test_whatever_is_entered_pushover_takes_it(retry: int, expire: int) -> None:
    found = pushed({"level": "emergency", "retry": retry, "expire": expire})
    assert found.retry and found.expire
    assert 30 <= found.retry <= found.expire <= 10_800
    assert found.expire / found.retry <= 50


@given(ANYTHING, ANYTHING, st.text(max_size=700))
def test_all_texts_are_within_pushovers_limits_and_none_is_empty(topic: str, text: str, path: str) -> None:
    found = pushed({"level": "high"}, URL + path, subject=topic, text=text)
    assert 0 < len(found.title) <= 250
    assert 0 < len(found.text) <= 1024
    assert (found.url is None) == (found.url_title is None) == (len(URL + path) > 512)


def test_what_is_too_long_is_cut_at_a_word() -> None:
    found = pushed({}, text="Der Ofen ist kalt. " * 100)
    assert found.text == "Der Ofen ist kalt. " * 53 + "Der Ofen ist…"
    assert len(pushed({}, text="x" * 2000).text) == 1024
    assert len(pushed({}, text="x" * 1000 + " " + "y" * 2000).text) == 1001


def test_half_a_link_is_none() -> None:
    found = pushed({}, URL + "x" * 500)
    assert (found.url, found.url_title) == (None, None)
    assert pushed({}, None).url_title is None


def test_a_message_of_which_nothing_is_known_has_a_title_and_a_text() -> None:
    found = push(slip(text="Ofen"), "Bäckerei Korn", {}, None, "en")
    assert found.title == "Unknown caller for everybody at Bäckerei Korn"
    assert found.text == "Ofen\nMessage for: everybody at Bäckerei Korn\nTaken: on 21/11/2026 at 00:30 by Anna Lindner"
