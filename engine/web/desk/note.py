"""The form for a message, or for the reason why there is none: whose it is, and what stands in it.

Rule of this file: a form belongs to one call, which must be this agent's. What was typed is what the form shows, until
it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, create_model

from engine.entries import CustomerEntry
from engine.entries.message_fields import MessageFieldEntry
from engine.message.slip import Tick, Urgency
from engine.ports.desk import NoMessage
from engine.service.desk import NoSuchCall
from engine.service.planning import UNDO
from engine.terms import CallId, CustomerId
from engine.web.desk import own
from engine.web.desk import words as said
from engine.web.desk.instead import labels
from engine.web.desk.page import DeskPage
from engine.web.desk.parts import at_desk
from engine.web.desk.through_words import Progress
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_, AsWritten, Words
from engine.web.portal import message_words

KNOWN = 200
"""Forms that are kept: making one takes some milliseconds."""


class Note(BaseModel):
    """What is typed; the service judges it."""

    contact: str | None = None
    caller_name: str | None = None
    company: str | None = None
    number: str | None = None
    subject: str | None = None
    urgency: Urgency = Urgency.NORMAL
    text: str | None = None
    ticks: list[Tick] = []


@dataclass(frozen=True, slots=True)
class Subject:
    """The call that a form is about. `message`: one that was taken in it; `closing`: why there is none.

    `is_answered`: this agent has picked up; until then it may still be another's.
    """

    call: CallId
    customer: CustomerId
    name: str
    caller: str | None
    arrived_at: datetime
    message: int | None = None
    closing: NoMessage | None = None
    is_answered: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer of a call wants to be asked for. `contacts`: those a message can be for, name and label."""

    contacts: Sequence[tuple[str, str]] = ()
    own: own.Own = ()

    @classmethod
    def of(cls, customer: CustomerEntry, now: datetime, words: Words) -> Asked:
        """As the customer stands at `now`, with who gets the messages of who is absent; names are never hidden."""
        return cls(labels(customer, now, words), customer.message_fields)


def form_of(asked: Asked) -> FormOf[Note]:
    """The form: what every customer is told, and the own fields of this one."""
    return _form_of(tuple(asked.contacts), tuple(asked.own))


@lru_cache(maxsize=KNOWN)
def _form_of(contacts: tuple[tuple[str, str], ...], asked: tuple[MessageFieldEntry, ...]) -> FormOf[Note]:
    added = own.parts(asked)
    choices = {"": message_words.EVERYBODY, **{name: AsWritten(label) for name, label in contacts}}
    more: dict[str, Any] = {one.name: (str | None, None) for one in added}
    return FormOf(
        create_model("OwnNote", __base__=Note, **more),
        (
            Field("contact", N_("For"), Kind.SELECT, choices=choices),
            Field("urgency", N_("Urgency"), Kind.SELECT, choices=_words(message_words.URGENCIES)),
            Field("caller_name", N_("Caller's name")),
            Field("company", N_("Caller's company")),
            Field("number", N_("Number"), Kind.TEL),
            Field("subject", N_("Subject")),
            Field("text", N_("Message"), Kind.AREA),
            Field("ticks", N_("The caller"), Kind.CHECKS, choices=_words(message_words.TICKS)),
            *added,
        ),
    )


def _words(table: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): word for key, word in table.items()}


async def subject_of(page: DeskPage, wanted: CallId | None = None) -> Subject | None:
    """That call, else the one at the desk; None if there is none. Raises NoSuchCall for what is not this agent's."""
    agent, calls = page.agent, await page.desk.calls(page.identity)
    there = at_desk(agent, calls) if wanted is None else (agent.call if agent else None)
    call = wanted or (there.id if there else None)
    if call is None:
        return None
    for one in calls:
        if one.call == call:
            return Subject(call, one.customer, one.name, one.caller, one.arrived_at, one.message, one.closing)
    if there is None or there.id != call:
        raise NoSuchCall(call)
    return Subject(call, there.customer, there.name, there.caller, there.arrived_at, is_answered=False)


async def asked_of(page: DeskPage, subject: Subject | None) -> Asked:
    """What is asked for in this call; the usual alone where there is none."""
    if subject is None:
        return Asked()
    return Asked.of(await page.web.customers.known(subject.customer), page.web.clock.now(), page.words)


async def note_of(page: DeskPage, subject: Subject | None, **more: Any) -> dict[str, Any]:
    """What `desk/note.html` shows: the form as it was left, else with the caller's number in it."""
    edition = page.draft  # before the draft: what comes in between is read again
    draft = await page.desk.draft(page.identity, subject.call) if subject else {}
    asked = await asked_of(page, subject)
    is_fresh = subject is not None and not (
        subject.message or subject.closing or more.get("saved") or more.get("closed")
    )
    proposed = {"number": subject.caller, "text": _proposal(page, subject) if is_fresh else None} if subject else {}
    values = {**proposed, **draft, **own.shown(asked.own, draft)} if subject else {}
    form = form_of(asked).show(page.words, None, **filled(values))
    told = {"is_typed": bool(draft), "draft": edition, "is_fresh": is_fresh, **more}
    return around(page, subject, form, **told)


def _proposal(page: DeskPage, subject: Subject) -> str | None:
    """What came of putting this caller through, to begin a message with."""
    agent = page.agent
    call = agent.call if agent and agent.call and agent.call.id == subject.call else None
    return Progress(call.transfer, page.words).proposal or None if call and call.transfer else None


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show where nothing was chosen."""
    return {**values, "contact": values.get("contact") or "", "urgency": values.get("urgency") or Urgency.NORMAL.value}


def around(page: DeskPage, subject: Subject | None, form: Form[Note], **more: Any) -> dict[str, Any]:
    """The form with all that is around it. `key`: under which it is saved, however often it is sent; `warned`: the
    own fields of which something was said; `draft`: the edition of the agent's drafts."""
    told = {
        "draft": page.draft,
        "saved": None,
        "until": None,
        "closed": None,
        "is_typed": False,
        "key": uuid4().hex,
        "warned": "",
        "is_fresh": False,
    }
    return {"subject": subject, "form": form, "said": said, "undo": int(UNDO.total_seconds()), **told, **more}
