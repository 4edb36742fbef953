"""Technical settings (§5.7): how a call is answered, what callers hear, who answers, which lines are forwarded.

Rule of this file: what may be chosen is what the installation has, and whatever the customer has chosen already; what
the law says to it is said by the service, and here in plain words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Response
from pydantic import ValidationError

from engine.call.sound import ALL_BUSY
from engine.call.steps_dialling import ASK
from engine.entries import CustomerEntry
from engine.law.duties import NOTICES
from engine.listening.steps import ANNOUNCEMENT
from engine.ports.customers import Teams
from engine.terms import AfterMaxWait, Treatment
from engine.web.forms import Field, Form, FormOf, Kind, Rows
from engine.web.languages import N_, AsWritten, as_written
from engine.web.mistakes import WORDS_OF
from engine.web.page import CustomerPage, Portal
from engine.web.portal.call_words import MUSIC
from engine.web.portal.editing import SAVED, Part
from engine.web.portal.line_state import classed_lines
from engine.web.portal.number_words import CLASSES, STRICTER, explained
from engine.web.portal.timeline import SILENCE, timelines

router = APIRouter()
TREATMENTS: Mapping[str, str] = {
    Treatment.RINGING: N_("Ring tone"),
    Treatment.RINGING_ANNOUNCED: N_("Ring tone with announcements in between"),
    Treatment.ANSWERED: N_("Answered at once, with greeting announcement and music"),
    Treatment.DELAYED_CONNECT: N_("Waiting loop as the law asks (delayed connect)"),
}
_WORDS: Mapping[str, str] = {
    Treatment.RINGING: N_("Callers hear nothing but the ring tone and pay nothing while they wait."),
    Treatment.RINGING_ANNOUNCED: N_("Callers hear the ring tone and announcements, and pay nothing while they wait."),
    Treatment.ANSWERED: N_(
        "The call counts as answered from its first second: callers hear greeting and music, and pay what their "
        "provider charges."
    ),
    Treatment.DELAYED_CONNECT: N_(
        "Callers hear announcements and music, and yet pay nothing until a person answers. Allowed for every "
        "number, and the only choice for those that are charged by the minute."
    ),
}
_NOT_OFFERED = frozenset({*NOTICES, ALL_BUSY, ANNOUNCEMENT, ASK, "apology", "goodbye"})
"""Announcements that we play of our own accord, each in its place."""
_THEN: Mapping[str, str] = {
    AfterMaxWait.BUSY: N_("Callers hear the busy tone"),
    AfterMaxWait.KEEP: N_("Callers wait on"),
}
_OWN = N_("Your own: {name}")
_SKILLS = N_("Only people with all of these skills")
_GROUPS = N_("Only people from one of these groups")
_OTHER_SKILLS = N_("Of the others: only with all of these skills")
_OTHER_GROUPS = N_("Of the others: only from one of these groups")


@router.get("/technical")
async def show(page: Portal) -> Response:
    """Everything as it stands."""
    return await _page(page, await (await _part(page)).show(page))


@router.post("/technical")
async def save(page: Portal) -> Response:
    """From the next call on."""
    form, status = await (await _part(page)).save(page)
    return page.go("/technical", "saved") if status == SAVED else await _page(page, form, status)


async def _part(page: CustomerPage) -> Part[CustomerEntry]:
    """The form, with what this installation offers."""
    customer = await page.entry()
    teams = await page.web.customers.teams()
    music, announcements = await asyncio.to_thread(_offered, page)
    own = await page.web.announcements.of(page.customer, page.identity)
    announcements |= {one.sound: page.words(_OWN, name=one.name) for one in own}
    wait = customer.wait
    music = as_written([*music, wait.music]) | {k: v for k, v in MUSIC.items() if k in music}
    # Those in use come first, in their order: it is the order in which they are played.
    said = {name: AsWritten(announcements.get(name) or name) for name in [*wait.announcements, *announcements]}
    greeted = [*announcements, *([wait.greeting] if wait.greeting else [])]
    greetings = {"": N_("None"), **{name: AsWritten(announcements.get(name) or name) for name in greeted}}
    parts: tuple[Field | Rows, ...] = (*_hearing(music, greetings, said), *_people(customer, teams), _lines(customer))
    return Part(FormOf(CustomerEntry, parts), also=_beside_its_time)


def _beside_its_time(form: Form[CustomerEntry]) -> None:
    """Others than those first asked for need a time: what is said of its lack stands where the time is entered."""
    needed = WORDS_OF["overflow"]
    said = form.words(needed)
    for name in [name for name, mistake in form.mistakes.items() if mistake == said]:
        form.mistakes["routing.overflow_after"] = form.mistakes.pop(name)


def _offered(page: CustomerPage) -> tuple[Iterable[str], dict[str, str]]:
    sounds = page.web.sounds
    return sounds.music(), {name: says for name, says in sounds.announcements().items() if name not in _NOT_OFFERED}


def _hearing(music: Mapping[str, str], greetings: Mapping[str, str], said: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("wait.treatment", N_("How a call is answered"), Kind.RADIOS, choices=TREATMENTS),
        Field("wait.music", N_("What callers hear while they wait"), Kind.RADIOS, choices=music),
        Field(
            "wait.greeting", N_("Greeting announcement"), Kind.RADIOS, N_("Played once, before the music."),
            choices=greetings,
        ),
        Field("wait.announcements", N_("Announcements in between"), Kind.CHECKS, N_("Played in turn."), choices=said),
        Field(
            "wait.announce_every", N_("Seconds between two announcements"), Kind.NUMBER,
            N_("Empty: there are no announcements in between."), optional=True,
        ),
        Field(
            "wait.max_wait", N_("Longest wait in seconds"), Kind.NUMBER,
            N_("Empty: as long as it takes; with delayed connect as long as we allow at most."), optional=True,
        ),
        Field("wait.then", N_("And then"), Kind.RADIOS, choices=_THEN),
    )  # fmt: skip


def _people(customer: CustomerEntry, teams: Teams) -> Iterable[Field]:
    routing = customer.routing
    skills = _named(teams.skills, routing.skills, routing.overflow.skills)
    groups = _named(teams.groups, routing.groups, routing.overflow.groups)
    if skills:
        yield Field("routing.skills", _SKILLS, Kind.CHECKS, choices=skills)
    if groups:
        yield Field("routing.groups", _GROUPS, Kind.CHECKS, choices=groups)
    if skills or groups:
        hint = N_("Empty: nobody else answers, however long the caller waits.")
        yield Field("routing.overflow_after", N_("Others too after so many seconds"), Kind.NUMBER, hint, optional=True)
    if skills:
        yield Field("routing.overflow.skills", _OTHER_SKILLS, Kind.CHECKS, choices=skills)
    if groups:
        yield Field("routing.overflow.groups", _OTHER_GROUPS, Kind.CHECKS, choices=groups)
    yield Field(
        "ring_time", N_("Seconds that one person's telephone rings"), Kind.NUMBER,
        N_("3 to 120; then the next one's rings. Empty: as usual with us."), optional=True,
    )  # fmt: skip


def _named(*names: Iterable[str]) -> dict[str, str]:
    return as_written(name for some in names for name in some)


def _lines(customer: CustomerEntry) -> Rows:
    own = (line.number_class for line in customer.lines if line.number_class)
    classes = {str(one): CLASSES[one] for one in dict.fromkeys((*STRICTER, *own))}
    number = Field("lines.*.number", N_("Telephone number"), Kind.TEL, N_("The number that your callers dial."))
    stricter = Field(
        "lines.*.class", N_("Stricter class"), Kind.SELECT,
        N_("Only if callers pay otherwise than the number's beginning says."), optional=True, choices=classes,
    )  # fmt: skip
    return Rows("lines", N_("Forwarded line {n}"), (number, stricter), most=len(customer.lines) + 5)


async def _page(page: CustomerPage, form: Form[CustomerEntry], status: int = 200) -> Response:
    rules = page.web.customers.rules()
    try:
        entry = CustomerEntry.model_validate(form.values)
    except ValidationError:
        entry = await page.entry()
    count = len(form.value("lines") or ())
    numbers = [form.value(f"lines.{n}.number") for n in range(count)]
    return page.show(
        "portal/technical.html",
        status,
        title=N_("Waiting & technology"),
        form=form,
        words=_WORDS,
        steps=timelines(entry.wait, classed_lines(entry, rules.classes), rules.longest_wait),
        explained=[explained(number, rules.classes, rules.country) for number in numbers],
        people=[one.name for one in form.fields() if one.name.startswith("routing.") or one.name == "ring_time"],
        silence=SILENCE,
    )
