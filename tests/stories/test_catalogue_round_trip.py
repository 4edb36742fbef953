"""Whatever catalogue there is: its export imports to the same state again."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.entries import SECTIONS, Catalogue
from engine.hours.service import Span
from engine.hours.spans import format_week
from engine.service.catalogue import Summary
from engine.service.catalogue_export import export_text
from engine.service.catalogue_reading import read_file
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database
from engine.terms import is_own_sound
from tests.catalogue import service_on

Values = dict[str, Any]

ODD = ("no", "null", "~", "1001", "0x1f", "1e3", "12:30:45", "2026-12-24", "- a", "a: b", "true", "#", "&a", "é")
WORDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,10}", fullmatch=True).filter(
    lambda word: word.lower() != "testcall"
)
PRINTABLE = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
NAMES = st.sampled_from(ODD) | st.text(PRINTABLE, min_size=1, max_size=9).filter(lambda name: name == name.strip())
TEXTS = st.text(PRINTABLE | st.just("\n"), min_size=1, max_size=40).filter(str.strip)
GREETINGS = TEXTS.map(lambda text: re.sub("[{}]", "~", text))
"""Braces stand for something there."""
SOUNDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", fullmatch=True).filter(lambda name: not is_own_sound(name))
SECONDS = st.integers(3, 100) | st.floats(3, 100)
COUNTS = st.integers(1, 100)
PASSWORDS = st.from_regex(r"[!-~][ -~]{6,20}[!-~]", fullmatch=True)
PIECES = (
    "agents:", "customers:", " [", "]", "{", "}", "\n", "\n- ", "\n  - ", "name: ", "login: ", "number: ", "x", ", ",
    "'", '"', "&a ", "*a", "phone: ", "lines: ", "wait: ", "hours: ", "mon", "? ", "| ", "!!x ", "<<: ", "\t", "---",
    "%", "5",
)  # fmt: skip


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, list[str]]:
    """Up to two spans a day, the last one perhaps over midnight."""
    days = []
    for _ in range(7):
        marks = sorted(draw(st.sets(st.integers(8 * 60, 24 * 60), max_size=4)))
        spans = [Span(start, end) for start, end in zip(marks[::2], marks[1::2], strict=False)]
        over: int = draw(st.integers(0, 8 * 60 - 1))
        if spans and over:
            spans[-1] = Span(spans[-1].start, 24 * 60 + over)
        days.append(tuple(spans))
    return format_week(tuple(days))


def entry(needed: dict[str, st.SearchStrategy[Any]], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries(needed, optional=more)


def different(key: str, one: st.SearchStrategy[Values]) -> st.SearchStrategy[list[Values]]:
    return st.lists(one, max_size=3, unique_by=lambda values: str(values[key]))


PHONES = st.one_of(
    st.fixed_dictionaries({"kind": st.sampled_from(["registered", "browser"]), "password": PASSWORDS}),
    st.fixed_dictionaries({"kind": st.just("static"), "uri": WORDS.map(lambda word: f"sip:{word}@192.0.2.1")}),
)


LINES = st.sampled_from(["+493023125001", "+498999998201", "+4917604069001"])
MAILS = st.sampled_from(["eva@brandt.example", "büro@müller.example", "a+b@x.example"])
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(str)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.isoformat(" ", "minutes")
)
DIGEST = entry(
    {"at": st.sampled_from(["00:00", "7:30", "18.05"])}, days=st.sampled_from(["daily", "working"]), empty=st.booleans()
)
NOTIFY = entry(
    {"mail": st.lists(MAILS, min_size=1, max_size=2)},
    digest=DIGEST,
    sms=st.just("+491713920001"), fax=st.just("+493023125009"), off=st.lists(st.sampled_from(["sms", "fax"])),
    pushover=entry({"user": st.just("u" * 30)}, level=st.sampled_from(["high", "emergency"]), retry=st.just(90)),
)  # fmt: skip
TARGET = LINES | entry({"number": LINES}, use=st.booleans(), ring_time=st.integers(5, 120))
CONTACT = entry(
    {"name": NAMES, "notify": NOTIFY},
    position=NAMES, department=NAMES, tasks=TEXTS, phone=LINES, fax=LINES, mail=MAILS, hours=weeks(),
    hidden=st.lists(st.sampled_from(["phone", "mail", "tasks"])),
    absence=entry({}, reason=TEXTS, since=MOMENTS) | entry({}, until=MOMENTS),
    transfer=entry({}, restrictions=TEXTS, targets=st.lists(TARGET, max_size=3), accept=st.booleans()),
)  # fmt: skip
COMPANY = entry(
    {}, name=NAMES, address=TEXTS, web=st.just("www.x.example/a?b=c"), phone=LINES, fax=LINES, mail=MAILS,
    director=NAMES, vat_id=st.just("DE123456789"), register=NAMES, bank=TEXTS, opening_hours=TEXTS,
    description=TEXTS, field_of_work=TEXTS,
)  # fmt: skip
VIP = entry({"who": NAMES, "message": TEXTS}, numbers=st.lists(LINES), since=MOMENTS) | entry(
    {"who": NAMES, "message": TEXTS}, until=MOMENTS
)
LABELS = st.sampled_from(["Kundennummer", "Größe", "Ja?", "=1+1", "Straße und Ort"])
FIELD = entry({"label": LABELS}, kind=st.sampled_from(["number", "date", "yes_no"]), required=st.booleans()) | entry(
    {"label": LABELS, "kind": st.just("choice"), "choices": st.lists(LABELS, min_size=2, max_size=4, unique=True)}
)
OUTBOUND = entry(
    {"priority": st.integers(1, 99)},
    uri=st.just("sip:out.example;transport=tcp"), numbers=st.sampled_from(["national", "bare"]),
    identity=st.sampled_from(["from", "preferred"]), from_account=st.booleans(), from_host=st.just("c.example"),
    auth_user=WORDS, diversion=st.booleans(), foreign_numbers=st.booleans(), check=st.booleans(),
)  # fmt: skip
PUT_THROUGH = entry({}, shows=st.sampled_from(["own", "caller"]), legs_per_minute=COUNTS, minutes_per_day=COUNTS)
BACK: list[dict[str, st.SearchStrategy[str]]] = [{"back_from": MOMENTS}, {"back_from_text": NAMES}]
DETAILS: dict[str, st.SearchStrategy[Any]] = {
    "live_since": DAYS,
    "absence_reason": TEXTS,
    "instructions": TEXTS,
    "digest": DIGEST.flatmap(lambda one: entry({"mail": st.lists(MAILS, min_size=1, max_size=5)}).map(one.__or__)),
    "contacts": st.lists(CONTACT, max_size=3, unique_by=lambda contact: str(contact["name"])),
    "company": COMPANY,
    "vip_notes": st.lists(VIP, max_size=3),
    "faq": st.lists(entry({"heading": NAMES, "text": TEXTS}), max_size=5),
    "message_fields": st.lists(FIELD, max_size=8, unique_by=lambda field: str(field["label"])),
    "blocked_callers": st.lists(
        st.just("+4930998811") | entry({"number": st.just("+4930998812")}, note=NAMES, since=MOMENTS, by=NAMES),
        unique_by=lambda blocked: str(blocked["number"]) if isinstance(blocked, dict) else blocked,
        max_size=2,
    ),
    "shown_numbers": st.lists(entry({"number": LINES, "right": TEXTS}), unique_by=lambda shown: str(shown["number"])),
    "put_through": PUT_THROUGH,
}


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """A sound catalogue of a few entries in every section."""
    line = {"name": WORDS, "registrar": st.just("sip:c.example"), "user": WORDS, "password": PASSWORDS}
    trunk = entry(line, max_calls=COUNTS, max_rate=SECONDS, outbound=OUTBOUND)
    groups = draw(different("name", entry({"name": NAMES})))
    some = st.lists(st.sampled_from([group["name"] for group in groups]), max_size=2) if groups else st.just([])
    skills = st.lists(NAMES, max_size=2)
    agent = entry({"login": WORDS, "name": NAMES, "phone": PHONES}, skills=skills, groups=some)
    tariff = entry({"name": NAMES, "hours": weeks()}, holidays=st.sampled_from(["open", "closed"]))
    tariffs = draw(different("name", tariff))
    wait = entry(
        {"treatment": st.sampled_from(["delayed_connect", "ringing", "answered"])},
        music=SOUNDS, greeting=SOUNDS, announcements=st.lists(SOUNDS, max_size=3), announce_every=SECONDS,
        max_wait=SECONDS,
    )  # fmt: skip
    routing = entry(
        {"overflow_after": SECONDS}, skills=skills, groups=some, overflow=entry({}, skills=skills, groups=some)
    )
    customer = entry(
        {"number": NAMES, "name": NAMES, "tariff": st.sampled_from([one["name"] for one in tariffs] or [""])},
        lines=st.lists(st.sampled_from(["+493012345", "+49301234567"]), unique=True),
        state=st.sampled_from(["BE", "BY-AUGSBURG"]), greeting=GREETINGS, blocked=st.booleans(),
        closed_days=st.lists(DAYS, max_size=3), wait=wait, routing=routing, ring_time=SECONDS,
        max_calls=COUNTS, max_rate=SECONDS, listening_in=st.booleans(), **draw(st.sampled_from(BACK)), **DETAILS,
    )  # fmt: skip
    customers = draw(different("number", customer)) if tariffs else []
    for n, one in enumerate(customers):
        one["access_numbers"] = [f"+4940{n}{m}0" for m in range(draw(st.integers(0, 3)))]
        if not one.get("shown_numbers"):
            one.get("put_through", {}).pop("shows", None)
        booked = next(tariff for tariff in tariffs if tariff["name"] == one["tariff"])
        if draw(st.booleans()):
            one["hours"] = booked["hours"]
    sections: dict[str, list[Values]] = {
        "trunks": draw(different("name", trunk)),
        "groups": groups,
        "agents": draw(different("login", agent)),
        "tariffs": tariffs,
        "customers": customers,
    }
    for section, kind in SECTIONS.items():
        sections[section].sort(key=lambda values: str(values[kind.key]))
    return Catalogue.model_validate(sections)


@pytest.mark.timeout(300)
@given(catalogue=catalogues())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
async def test_an_export_imports_to_the_same_state(database: Database, catalogue: Catalogue) -> None:
    store, service = StoredCatalogue(database), service_on(database)
    text = export_text(catalogue, secrets=True)
    done = await service.import_text(text, replace=True)
    assert await store.load() == catalogue
    assert await service.export(secrets=True) == text
    everything = Summary(unchanged=tuple(catalogue.by_key()))
    assert len(done.created + done.changed + done.unchanged) == len(everything.unchanged)
    for again in (text, await service.export()):
        if catalogue.by_key():
            assert await service.import_text(again, replace=True) == everything
    assert await store.load() == catalogue


@given(text=st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=250, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    file = read_file(text, "49")
    assert file.mistakes or file.entries or file.document.data is not None
    assert all(1 <= mistake.line <= len(text.splitlines()) + 1 for mistake in file.mistakes)
