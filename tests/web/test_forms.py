"""Forms over entries: what was typed becomes an entry, and what an entry has against it is told at the field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from engine.entries import CustomerEntry
from engine.web.forms import Field, Form, FormOf, Kind, Rows
from engine.web.languages import load_words
from engine.web.mistakes import explain

WORDS = load_words()
KORN = CustomerEntry.model_validate(
    {
        "number": "K1001",
        "name": "Bäckerei Korn",
        "tariff": "day",
        "access_numbers": ["+49301000001"],
        "lines": ["+493099887700", {"number": "+493099887701", "class": "per_minute"}],
        "wait": {"treatment": "answered", "announce_every": 20},
    }
)
GREETING = FormOf(CustomerEntry, (Field("greeting", "Greeting", Kind.AREA, optional=True),))
WAITING = FormOf(
    CustomerEntry,
    (
        Field("wait.treatment", "Treatment", Kind.RADIOS, choices={"answered": "A", "ringing": "B"}),
        Field("wait.announce_every", "Every", Kind.NUMBER, optional=True),
        Field("wait.announcements", "Announcements", Kind.LINES),
        Field("blocked", "Blocked", Kind.CHECK),
    ),
)
LINES = FormOf(
    CustomerEntry,
    (
        Rows(
            "lines",
            "Line {n}",
            (Field("lines.*.number", "Number", Kind.TEL), Field("lines.*.class", "Class", Kind.TEXT)),
            most=3,
        ),
    ),
)


async def sent(form: FormOf[Any], entry: BaseModel | None, language: str = "de", **fields: Any) -> Form[Any]:
    """The form after these fields were sent."""
    body = urlencode({name.replace("__", "."): value for name, value in fields.items()}, doseq=True).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return await form.read(Request({"type": "http", "method": "POST", "headers": []}, receive), WORDS[language], entry)


async def test_a_field_changes_its_part_and_nothing_else() -> None:
    form = await sent(GREETING, KORN, greeting=" Bäckerei Korn,\r\nguten Tag. ")
    assert form.mistakes == {}
    assert form.said == KORN.model_copy(update={"greeting": "Bäckerei Korn,\nguten Tag."})
    assert (await sent(GREETING, form.said, greeting="")).said == KORN


async def test_parts_of_a_part_and_every_kind() -> None:
    form = await sent(
        WAITING, KORN, wait__treatment="ringing", wait__announce_every="12,5", wait__announcements="one\r\n\r\ntwo\r\n",
        blocked="on",
    )  # fmt: skip
    assert form.said is not None
    wait = form.said.wait
    assert (wait.treatment, wait.announce_every, wait.announcements) == ("ringing", 12.5, ("one", "two"))
    assert (form.said.blocked, form.said.wait.music, form.said.lines) == (True, "default", KORN.lines)


async def test_mistakes_stand_at_their_fields_and_what_was_typed_is_kept() -> None:
    form = await sent(WAITING, KORN, wait__announce_every="soon", wait__announcements="good\nn t")
    assert form.said is None
    assert form.in_order() == [
        ("wait.treatment", "Bitte wählen Sie eine der Möglichkeiten."),
        ("wait.announce_every", "Bitte geben Sie eine Zahl ein."),
        (
            "wait.announcements",
            "Bitte schreiben Sie 1 bis 40 Buchstaben, Ziffern, Unter- und Bindestriche.",
        ),
    ]
    assert [form.value(name) for name in ("wait.announce_every", "wait.announcements")] == ["soon", ["good", "n t"]]


async def test_rows_are_filled_added_and_dropped() -> None:
    shown = LINES.show(WORDS["de"], KORN)
    assert isinstance(LINES.parts[0], Rows)
    assert [[shown.value(one.name) for one in row] for row in shown.rows(LINES.parts[0])] == [
        ["+493099887700", None],
        ["+493099887701", "per_minute"],
        [None, None],
    ]
    form = await sent(LINES, KORN, lines__1__number="030 99887702", lines__2__number="+4912", lines__2__class="")
    assert form.said is None
    short = "+4912 ist für eine Rufnummer dieses Landes zu kurz oder zu lang."
    assert form.mistakes == {"lines.1.number": short}
    form = await sent(LINES, KORN, lines__1__number="030 99887702")
    assert form.said is not None
    assert [line.number for line in form.said.lines] == ["+493099887702"]


async def test_a_mistake_of_the_whole_is_told_once() -> None:
    form = await sent(LINES, KORN, lines__0__number="030 99887702", lines__1__number="030 99887702")
    assert form.in_order() == [("lines.0.number", "+49 30 99887702 ist zweimal genannt: Einmal genügt.")]


async def test_what_a_service_refuses_is_a_mistake_like_the_others() -> None:
    form = await sent(GREETING, KORN, greeting="Guten Tag")
    form.refuse("greeting", "Please choose.")
    assert (form.said, form.mistakes) == (None, {"greeting": "Bitte wählen Sie."})


async def test_a_form_without_an_entry_and_in_english() -> None:
    class Wish(BaseModel):
        count: int
        name: str

    form = await sent(
        FormOf(Wish, (Field("count", "Count", Kind.NUMBER), Field("name", "Name"))), None, "en", count="x"
    )
    assert form.in_order() == [
        ("count", "Please write a whole number."),
        ("name", "This is needed: please fill it in."),
    ]


async def test_a_flood_of_fields_is_refused() -> None:
    with pytest.raises(HTTPException) as refused:
        await sent(GREETING, KORN, x=["1"] * 2000)
    assert refused.value.status_code == 413


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_mistake_is_without_words(language: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CustomerEntry.model_validate({"number": "", "name": 7, "ring_time": 1, "max_calls": 0, "wait": {"then": "x"}})
    said = {".".join(map(str, one["loc"])): explain(one, WORDS[language]) for one in caught.value.errors()}
    assert set(said) == {"number", "name", "ring_time", "max_calls", "wait.then", "tariff"}
    assert all(text.endswith(".") and "{" not in text for text in said.values())
