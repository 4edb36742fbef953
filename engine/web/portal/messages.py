"""The customer's messages: listed, searched, exported, and each with the caller's data and its deliveries (§5.6).

Rule of this file: every question goes to the service with the customer of the session, so another's message is not
there. Looking at a message marks it read; looking at the list does not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Response
from pydantic import Field as Limits

from engine.accounts import Role
from engine.message.states import State
from engine.ports.messages import Message, Wanted
from engine.web.forms import Field, FormOf, Kind, sent_fields
from engine.web.languages import N_, as_written
from engine.web.page import LARGEST, CustomerPage, Key, Portal
from engine.web.portal import message_words as said
from engine.web.portal.finding import Span
from engine.web.portal.sending import choices
from engine.web.portal.table import MANY, Rows, table

router = APIRouter(prefix="/messages")
_PAGE = 50
_FLASH = {State.DONE: "message_done", State.READ: "message_open", State.NEW: "message_new"}
_COLUMNS = (
    N_("Taken"), N_("For"), N_("Caller"), N_("Company"), N_("Number"), N_("Subject"), N_("Message"), N_("The caller"),
    N_("Urgency"), N_("Progress"), N_("Delivery"), N_("Taken by"), N_("Further details"),
)  # fmt: skip


class Filter(Span):
    """Which messages somebody wants to see."""

    contact: str | None = Limits(default=None, max_length=80)
    state: State | None = None

    def wanted(self) -> Wanted:
        """As the store is asked."""
        return Wanted(self.begin, self.end, self.text or "", self.contact, self.state)


@router.get("")
async def show(page: Portal) -> Response:
    """The latest first, in pages."""
    query = page.request.query_params
    form = _filter(await _contacts(page, query.get("contact"))).asked(page.words, query)
    found: list[Message] = []
    if form.said is not None:
        wanted = replace(form.said.wanted(), after=_after(query.get("after")))
        found = list(await page.web.messages.page(page.customer, wanted, _PAGE + 1, page.identity))
    shown = {name: value for name, value in form.values.items() if value}
    return page.show(
        "portal/messages.html",
        422 if form.mistakes else 200,
        title=N_("Messages"),
        form=form,
        said=said,
        messages=found[:_PAGE],
        query=urlencode(shown),
        older=urlencode({**shown, "after": found[_PAGE - 1].id}) if len(found) > _PAGE else "",
        is_first="after" not in query,
    )


@router.get(".csv")
async def export(page: Portal) -> Response:
    """All of them that the filter lets through, for a table calculation."""
    form = _filter(()).asked(page.words, page.request.query_params)
    if form.said is None:
        raise HTTPException(400)
    return table("messages.csv", map(page.words, _COLUMNS), _rows(page, form.said.wanted()))


@router.get("/{message}")
async def detail(page: Portal, message: Key) -> Response:
    """One message, read from now on; support that looks over the customer's shoulder leaves it new."""
    found = await page.web.messages.open(page.customer, message, page.identity)
    call = await page.web.calls.find(page.customer, found.slip.call) if found.slip.call else None
    return page.show(
        "portal/message.html",
        title=N_("Message"),
        message=found,
        call=call[0] if call else None,
        said=said,
        ways=list(choices(await page.web.messages.ways(page.customer, page.identity))),
        is_staff=page.identity.role is not Role.CUSTOMER,
    )


@router.post("/{message}")
async def mark(page: Portal, message: Key) -> Response:
    """Done, open again or new again: on to the list, but for one that is open again, which wants to be seen."""
    sent = (await sent_fields(page.request)).get("state", [""])[0]
    if sent not in list(State):
        raise HTTPException(400)
    await page.web.messages.mark(page.customer, message, State(sent), page.identity)
    return page.go(f"/messages/{message}" if sent == State.READ else "/messages", _FLASH[State(sent)])


def _filter(contacts: Iterable[str]) -> FormOf[Filter]:
    return FormOf(
        Filter,
        (
            Field("since", N_("From"), Kind.DATE, optional=True),
            Field("until", N_("Up to"), Kind.DATE, optional=True),
            Field("text", N_("Search for"), optional=True),
            Field("contact", N_("For"), Kind.SELECT, optional=True, choices=as_written(contacts)),
            Field(
                "state",
                N_("Progress"),
                Kind.SELECT,
                optional=True,
                choices={state.value: word for state, word in said.STATES.items()},
            ),
        ),
    )


async def _contacts(page: CustomerPage, asked: str | None) -> list[str]:
    """Those that there are, and the one that is asked for, who may be gone."""
    names = [contact.name for contact in (await page.entry()).contacts]
    return names if not asked or asked in names else [*names, asked]


def _after(text: str | None) -> int | None:
    """Whatever is no message's number is older than all of them."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST)) else 0


async def _rows(page: CustomerPage, wanted: Wanted) -> AsyncIterator[Rows]:
    """A thousand messages at a time."""
    while found := await page.web.messages.page(page.customer, wanted, MANY, page.identity):
        yield [_cells(page, message) for message in found]
        wanted = replace(wanted, after=found[-1].id)


def _cells(page: CustomerPage, message: Message) -> list[str]:
    slip, words = message.slip, page.words
    return [
        words.format.datetime(slip.taken_at, "short"),
        slip.contact or words(said.EVERYBODY),
        slip.caller_name,
        slip.company,
        slip.number,
        slip.subject,
        slip.text,
        ", ".join(said.ticked(slip.ticks, words)),
        words(said.URGENCIES[slip.urgency]),
        words(said.STATES[message.marks.state]),
        words(said.SUMMARIES[message.delivery]),
        slip.agent_name,
        "; ".join(f"{label}: {value or words(said.NOT_SAID)}" for label, value in slip.fields),
    ]
