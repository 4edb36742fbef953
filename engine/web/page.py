"""What a page is made with: who looks at it, in which language, and the ways to answer.

Rule of this file: a new page is one route that takes a `CustomerPage` (or `AnyPage`, `OpenPage`), one template and at
most one form; everything else comes from here. `docs/pages.md` shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Path, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.templating import Jinja2Templates

from engine.accounts import Identity, Role
from engine.entries import CustomerEntry
from engine.ports import CallRecord, Clock
from engine.ports.customer_calls import CustomerCalls
from engine.ports.phones import PhoneLine
from engine.ports.sounds import Sounds
from engine.service.accounts import Accounts, Session
from engine.service.announcements import Announcements
from engine.service.blocking import Blocking
from engine.service.browser_phones import BrowserPhones
from engine.service.customers import CustomerService
from engine.service.days import Days
from engine.service.desk import Desk
from engine.service.incidents import Incidents
from engine.service.messages import Messages
from engine.service.newsroom import Newsroom
from engine.service.orders import Orders
from engine.service.people import People
from engine.service.persons import Persons
from engine.service.summaries import Summaries
from engine.service.supervision import Leading
from engine.service.support import Support
from engine.service.tryouts import Tryouts
from engine.terms import CustomerId
from engine.web import acting
from engine.web.absent import Absent
from engine.web.board import words as board_words
from engine.web.board.wall import Wall
from engine.web.desk.bells import Bells
from engine.web.desk.shared import Shared
from engine.web.languages import LANGUAGES, N_, Words, wanted
from engine.web.navigation import entries
from engine.web.phone_talks import Talks
from engine.web.relay import Sockets
from engine.web.session import FLASH, LANGUAGE, cookie, customer_of, identity_of, keep, session_of
from engine.web.typed import Unsent

FLASHES: Mapping[str, str] = {
    "saved": N_("Saved. It counts from the next call on."),
    "caller_blocked": N_("The caller is blocked from the next call on."),
    "caller_unblocked": N_("The caller gets through again from the next call on."),
    "caller_dismissed": N_("The caller is not suggested any more, unless our agents mark the number again."),
    "changed": N_("Saved."),
    "asked": N_("Your order has been placed."),
    "done": N_("The order is done."),
    "announced": N_("The announcement is there. It can be chosen under “Waiting & technology”."),
    "replaced": N_("The announcement has been replaced. It counts from the next call on."),
    "announcement_gone": N_("The announcement has been deleted."),
    "at_once": N_("Saved. It counts at once."),
    "message_done": N_("The message is done."),
    "message_open": N_("The message is open again."),
    "message_new": N_("The message counts as new again."),
    "sent_again": N_("The message is on its way."),
    "sent_already": N_("There is nothing to be sent again here: somebody has done so already."),
    "way_gone": N_("This contact does not get messages this way any more. Please choose another one."),
    "test_sent": N_("The test is on its way. What comes of it appears here by itself."),
    "tests_over": N_("There have been as many tests within an hour as there may be. Please try it again later."),
    "means_missing": N_("Nothing is sent this way here yet. Please ask our support."),
    "removed": N_("Removed. It counts at once."),
    "not_taken_over": N_(
        "Saved, but the telephone system has not taken it over. Why stands in the log; “vorzimmer reload” tries again."
    ),
    "contact_gone": N_("The contact has been deleted. It counts from the next call on."),
    "password": N_("Your password is changed. All other sessions have been ended."),
    "ended": N_("The session has been ended."),
    "ended_all": N_("All other sessions have been ended."),
    "code_on": N_("From now on a code from your app is asked for when you sign in."),
    "code_off": N_("No code is asked for any more when you sign in."),
    "token_dropped": N_("The token is dropped: the program that had it is out."),
    "signed_out": N_("You are signed out."),
    "signed_out_here": N_(
        "You are signed out in this browser. The session itself could not be ended: please do so later at “Account”."
    ),
    "session_over": N_("Your session has ended. Please sign in again."),
    "session_over_kept": N_("Your session has ended. Please sign in again; what you have written is not lost."),
    "session_over_lost": N_(
        "Your session has ended. Please sign in again. What you have sent could not be kept: please enter it once more."
    ),
    **board_words.DONE,
}
"""What is told once after a change, by the word that the browser keeps in between."""
_WARNINGS = (
    "not_taken_over",
    "sent_already",
    "way_gone",
    "tests_over",
    "means_missing",
    "signed_out_here",
    "session_over",
    "session_over_kept",
    "session_over_lost",
)
"""Those that are no good news."""


@dataclass(frozen=True)
class Services:
    """What the pages and the API are for.

    `live` tells of a customer's calls that are not over, `ready` whether calls can be taken.
    """

    accounts: Accounts
    customers: CustomerService
    calls: CustomerCalls
    messages: Messages
    tryouts: Tryouts
    summaries: Summaries
    sounds: Sounds
    announcements: Announcements
    support: Support
    orders: Orders
    incidents: Incidents
    people: People
    desk: Desk
    days: Days
    news: Newsroom
    blocking: Blocking
    persons: Persons
    leading: Leading
    phones: BrowserPhones
    phone_line: PhoneLine
    clock: Clock
    live: Callable[[CustomerId], Sequence[CallRecord]]
    ready: Callable[[], bool]


@dataclass(frozen=True)
class Web(Services):
    """What the pages work with."""

    words: Mapping[str, Words]
    templates: Mapping[str, Jinja2Templates]
    bells: Bells = field(default_factory=Bells)
    """Between the pages of one agent."""
    drafts: Bells = field(default_factory=Bells)
    """The same, for what was typed: it concerns the form alone."""
    leavers: Bells = field(default_factory=Bells)
    """For an agent's browsers as phones: a session of his has been signed out of."""
    shared: Shared = field(default_factory=Shared)
    """Among all desks."""
    wall: Wall = field(default_factory=Wall)
    """What every live board shows."""
    unsent: Unsent = field(default_factory=Unsent)
    sockets: Sockets = field(init=False)
    talks: Talks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sockets", Sockets(Absent(self.phone_line)))
        object.__setattr__(self, "talks", Talks(self.phone_line))


class OpenPage:
    """A page for anybody."""

    def __init__(self, request: Request, session: Session | None = None) -> None:
        """In the user's language; else in the one asked for by `?language=`, kept, or preferred by the browser."""
        self.request, self.session = request, session
        self.web: Web = request.app.state.web
        asked = request.query_params.get("language", "")
        self._asked = asked if asked in LANGUAGES and not session else ""
        known = (session.identity.language if session else "", self._asked, cookie(request, LANGUAGE))
        chosen = next((one for one in known if one in LANGUAGES), None)
        self.language = chosen or wanted(request.headers.get("accept-language", ""))
        self.words = self.web.words[self.language]

    def show(self, name: str, status: int = 200, **values: Any) -> Response:
        """The page made from this template."""
        flash = cookie(self.request, FLASH)
        context = {
            "acted": getattr(self.request.state, "acted", None),
            "identity": self.session.identity if self.session else None,
            "navigation": entries(self.request, self.session.identity if self.session else None),
            "path": self.request.url.path,
            "paths": self.request.app.state.paths,
            "flash": self.words(FLASHES.get(flash, "")),
            "warns": flash in _WARNINGS,
            **values,
        }
        template = self.web.templates[self.language].get_template(name)
        text = acting.made_for(template.render({"request": self.request, **context}), self.request)
        response = HTMLResponse(text, status)
        response.headers["Content-Language"] = self.language
        response.headers["Vary"] = "Accept-Language, Cookie"
        if flash:
            keep(self.request, response, FLASH, "")
        if self._asked:
            keep(self.request, response, LANGUAGE, self._asked)
        return response

    def go(self, path: str, flash: str = "") -> Response:
        """On to another page of ours, which tells this word of `FLASHES`."""
        response = RedirectResponse(path, 303)
        if flash:
            assert flash in FLASHES
            keep(self.request, response, FLASH, flash)
        return response


class AnyPage(OpenPage):
    """A page for whoever is signed in."""

    def __init__(self, request: Request, session: Session) -> None:
        """For this session."""
        super().__init__(request, session)
        self.session: Session = session
        self.identity: Identity = session.identity


class CustomerPage(AnyPage):
    """A page of the portal: for the customer's own users, and for support that acts for the customer."""

    @property
    def customer(self) -> CustomerId:
        """Whose data it shows; always from the session."""
        return customer_of(self.identity)

    async def entry(self) -> CustomerEntry:
        """The customer as it stands now. Raises NoSuchCustomer, which is shown as 404, once it is gone."""
        return await self.web.customers.load(self.customer)


async def open_page(request: Request) -> OpenPage:
    """Dependency: anybody may look; who is signed in is known."""
    return OpenPage(request, await session_of(request, request.app.state.web))


def signed_in(*roles: Role) -> Callable[[Request], Any]:
    """Dependency: only these roles, all if none is named."""

    async def page(request: Request) -> AnyPage:
        await identity_of(request, request.app.state.web, *roles)
        return AnyPage(request, request.state.session)

    return page


async def customer_page(request: Request) -> CustomerPage:
    """Dependency: only for one customer's portal. What changes something says for whom its page was made."""
    await identity_of(request, request.app.state.web)
    acting.check(request)
    page = CustomerPage(request, request.state.session)
    customer_of(page.identity)
    return page


Open = Annotated[OpenPage, Depends(open_page)]
Signed = Annotated[AnyPage, Depends(signed_in())]
Portal = Annotated[CustomerPage, Depends(customer_page)]
LARGEST = 2**31 - 1
"""The largest number that something in the store can have."""
Key = Annotated[int, Path(ge=1, le=LARGEST)]
"""The number of something in the store, as part of an address."""


def sign_in_address(wanted_page: str) -> str:
    """Where to sign in, with the way back to this page of ours."""
    return "/sign-in" if wanted_page == "/" else f"/sign-in?next={quote(wanted_page)}"


def own_path(text: str) -> str:
    """A path of ours to go on to; the start page for anything else, which might lead away."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if safe else "/"
