"""The form at the desk says beforehand whom a message to an absent contact goes to (§5.2.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.entries import CustomerEntry
from engine.web.desk.note import Asked, form_of
from engine.web.languages import load_words

NOON = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
WORDS = load_words()


def contact(name: str, **absence: Any) -> dict[str, Any]:
    return {"name": name, "notify": {"sms": "+491713920011"}, "absence": absence or None}


def options(language: str, *contacts: dict[str, Any]) -> list[str]:
    """What the field offers, but for everybody."""
    korn = CustomerEntry.model_validate({"number": "K1", "name": "Korn", "tariff": "day", "contacts": contacts})
    form = form_of(Asked.of(korn, NOON, WORDS[language])).show(WORDS[language])
    return [WORDS[language](text) for value, text in form.field("contact").choices.items() if value]


@pytest.mark.parametrize(
    ("language", "instead", "too"),
    [("de", "Eva – abwesend, geht an Max {Korn}", "Ida – abwesend, geht auch an Max {Korn}"),
     ("en", "Eva – absent, goes to Max {Korn}", "Ida – absent, goes to Max {Korn} too")],
)  # fmt: skip
def test_who_is_absent_and_has_a_deputy_for_messages_says_so(language: str, instead: str, too: str) -> None:
    deputy = {"deputy": "Max {Korn}"}
    told = options(
        language,
        contact("Eva", **deputy, messages="deputy"),
        contact("Ida", **deputy, messages="both"),
        contact("Jan", **deputy),
        contact("Lea", **deputy, messages="deputy", until="2026-11-26 11:59"),
        contact("Max {Korn}"),
    )
    assert told == [instead, too, "Jan", "Lea", "Max {Korn}"]
