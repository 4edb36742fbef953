"""The customer's contacts (§5.2): all at one look, one by one, a new one, and one that goes.

Rule of this file: a contact is named by its address, among the contacts of the session's customer; who is not there is
404.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Response

from engine.entries import ContactEntry, CustomerEntry
from engine.entries.paths import CONTACTS, join
from engine.service.customer_judging import Refused
from engine.web.forms import Form
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal.attendance import attendances
from engine.web.portal.contact_form import (
    ACCEPT,
    HOURS,
    MASTER,
    RESTRICTIONS,
    absence_fields,
    check_contact,
    contact_form,
    notify_fields,
)
from engine.web.portal.editing import SAVED, Part, contact_of

router = APIRouter(prefix="/contacts")
NEW, DELETE, TEST = "new", "delete", "test"
_TAKEN = {NEW, DELETE, TEST, f"{TEST}/results", ".", ".."}
"""Addresses that mean something else: a contact of that name gets a blank before it, which no name begins with."""
_SECTIONS = (
    (N_("Master data"), "", [one.name for one in MASTER]),
    (
        N_("Working hours"),
        N_("Such as 8:00-12:00, 13:00-17:00. If all days are left empty: whenever our service is open."),
        [one.name for one in HOURS],
    ),
    (N_("Presence"), "", [one.name for one in absence_fields({})]),
    (
        N_("Notification"),
        N_("How this contact gets the messages that our agents take."),
        [one.name for one in notify_fields({})],
    ),
    (
        N_("Putting callers through"),
        N_("Our agents try the targets in this order."),
        ["transfer.targets", ACCEPT.name, RESTRICTIONS.name],
    ),
)
"""Heading, hint, and the parts of the form below it."""


@router.get("")
async def show_all(page: Portal) -> Response:
    """Who is there just now."""
    customer = await page.entry()
    now = page.web.clock.now()
    everybody = attendances(customer, await page.web.customers.hours(customer), now, page.words)
    return page.show("portal/contacts.html", title=N_("Contacts"), everybody=everybody, address=address, now=now)


@router.get("/new")
async def offer(page: Portal) -> Response:
    """A new contact."""
    part = await _part(page, await page.entry())
    return _new(page, part.form.show(page.words))


@router.post("/new")
async def add(page: Portal) -> Response:
    """From the next call on."""
    form, status = await (await _part(page, await page.entry())).add(page)
    return page.go("/contacts", "saved") if status == SAVED else _new(page, form, status)


@router.get("/delete")
async def ask(page: Portal, name: str) -> Response:
    """Whether it shall really go."""
    customer = await page.entry()
    return _gone(page, customer, contact_of(customer, name))


@router.post("/delete")
async def delete(page: Portal, name: str) -> Response:
    """It goes, unless others name it."""
    customer = await page.entry()
    contact = contact_of(customer, name)
    try:
        await page.web.customers.save(page.customer, {join((CONTACTS, name)): None}, {}, page.identity)
    except Refused:
        return _gone(page, await page.entry(), contact, 422)
    return page.go("/contacts", "contact_gone")


@router.get("/{name:path}")
async def show(page: Portal, name: str) -> Response:
    """One contact."""
    customer = await page.entry()
    contact = contact_of(customer, name.strip())
    return _page(page, await (await _part(page, customer, contact)).show(page), contact.name)


@router.post("/{name:path}")
async def save(page: Portal, name: str) -> Response:
    """From the next call on; who has gone meanwhile can be made anew."""
    customer = await page.entry()
    if name.strip() not in [one.name for one in customer.contacts]:
        gone = replace(await _part(page, customer), contact=name.strip())
        return _new(page, await gone.gone(page), 409)
    contact = contact_of(customer, name.strip())
    form, status = await (await _part(page, customer, contact)).save(page)
    if status == SAVED:
        return page.go(address(form.said.name if form.said else contact.name), "saved")
    return _page(page, form, contact.name, status)


def address(name: str) -> str:
    """Where the contact of that name is."""
    return "/contacts/" + quote(f" {name}" if name in _TAKEN else name, safe="")


async def _part(page: CustomerPage, customer: CustomerEntry, contact: ContactEntry | None = None) -> Part[ContactEntry]:
    hours = await page.web.customers.hours(customer)
    form = contact_form(customer, contact, page.web.clock.now(), hours.zone)
    return Part(form, contact.name if contact else "", lambda sent: check_contact(sent, contact))


def _page(page: CustomerPage, form: Form[ContactEntry], name: str, status: int = 200) -> Response:
    way = {"title": name, "action": address(name)}
    way |= {what: f"/contacts/{what}?name={quote(name, safe='')}" for what in (DELETE, TEST)}
    return page.show("portal/contact.html", status, form=form, sections=_SECTIONS, **way)


def _new(page: CustomerPage, form: Form[ContactEntry], status: int = 200) -> Response:
    way = {"title": page.words(N_("New contact")), "action": "/contacts/new", DELETE: "", TEST: ""}
    return page.show("portal/contact.html", status, form=form, sections=_SECTIONS, **way)


def _gone(page: CustomerPage, customer: CustomerEntry, contact: ContactEntry, status: int = 200) -> Response:
    return page.show(
        "portal/contact_delete.html",
        status,
        title=contact.name,
        contact=contact,
        back=address(contact.name),
        referring=[(one.name, address(one.name)) for one in customer.contacts if _refers(one, contact.name)],
    )


def _refers(one: ContactEntry, name: str) -> bool:
    pushover = one.notify.pushover
    deputy = one.absence.deputy if one.absence else None
    return name in (deputy, pushover.next if pushover else None)
