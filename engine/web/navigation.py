"""The ways through the pages: what stands in the navigation, and for whom.

Rule of this file: an entry appears as soon as its page exists; nothing leads to a page that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from engine.accounts import Identity, Role
from engine.web.languages import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `icon` is the name of a drawing in `icons.html`."""

    path: str
    label: str
    icon: str
    current: bool = False


PORTAL = (
    Entry("/", N_("Start"), "home"),
    Entry("/messages", N_("Messages"), "envelope"),
    Entry("/calls", N_("Calls"), "phone"),
    Entry("/greeting", N_("Greeting & information"), "speech"),
    Entry("/contacts", N_("Contacts"), "people"),
    Entry("/company", N_("Company"), "building"),
    Entry("/notes", N_("VIP & FAQ"), "star"),
    Entry("/technical", N_("Waiting & technology"), "sliders"),
    Entry("/orders", N_("Change orders"), "receipt"),
    Entry("/billing", N_("Invoice"), "receipt"),
    Entry("/account/users", N_("Users"), "key"),
    Entry("/account", N_("Account"), "person"),
)
"""A customer's pages, in the order in which they stand."""
SUPPORT = (
    Entry("/support", N_("Customers"), "people"),
    Entry("/support/orders", N_("Change orders"), "receipt"),
    Entry("/support/incidents", N_("Incidents"), "warning"),
    Entry("/support/news", N_("News for desks"), "speech"),
    Entry("/support/marked", N_("Marked callers"), "phone"),
    Entry("/support/persons", N_("Data protection"), "key"),
    PORTAL[-1],
)
DAYS = Entry("/days", N_("Agents' days"), "clock")
BOARD = Entry("/desk/board", N_("Live board"), "screen")
ADMIN = (
    *SUPPORT[:-1],
    BOARD,
    Entry("/admin/agents", N_("Agents"), "speech"),
    DAYS,
    Entry("/admin/trunks", N_("Trunks"), "phone"),
    Entry("/admin/users", N_("Users"), "key"),
    Entry("/admin/log", N_("Changes"), "clock"),
    PORTAL[-1],
)
AGENT = (Entry("/desk", N_("Desk"), "speech"),)
SUPERVISOR = (BOARD, DAYS, PORTAL[-1])
OTHERS = (PORTAL[-1],)


def entries(request: Request, identity: Identity | None) -> list[Entry]:
    """What this user's navigation shows; nothing for strangers."""
    if identity is None:
        return []
    portal = identity.tenant is not None
    own = AGENT if identity.agent is not None else ()
    others = {Role.SUPPORT: SUPPORT, Role.ADMIN: ADMIN, Role.SUPERVISOR: SUPERVISOR}.get(identity.role, OTHERS)
    staff = (*own, *others)
    there: frozenset[str] = request.app.state.paths
    shown = [one for one in (PORTAL if portal else staff) if one.path in there]
    here = request.url.path
    around = [one.path for one in shown if here == one.path or (one.path != "/" and here.startswith(f"{one.path}/"))]
    current = max(around, key=len, default=None)
    return [Entry(one.path, one.label, one.icon, one.path == current) for one in shown]
