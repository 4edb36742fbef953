"""Forms over a part of a customer: shown as it stands, saved, refused at the field, or in conflict with somebody else.

Rule of this file: what a form showed goes with it and comes back when it is sent, so two people who edit different
fields do not disturb each other, and who edits the same one is told what the other has written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Generic

from fastapi import HTTPException

from engine.entries import CustomerEntry
from engine.entries.paths import CONTACTS, alike, join, split, value_at, values_of
from engine.service.customer_judging import FieldMistake, Refused
from engine.service.customers import Conflict
from engine.web.forms import Form, FormOf, M, put_value
from engine.web.languages import N_
from engine.web.mistakes import said_of
from engine.web.page import CustomerPage
from engine.web.portal.theirs import show_theirs

SAVED = 303
"""The status of a form that was saved: on to another page."""
_PARTED = ("wait", "routing", "company")
"""Fields whose parts are saved each for itself."""
_TAKEN = N_("There is a contact of this name already: please choose another name.")
_GONE = N_(
    "This contact has been deleted or renamed meanwhile by somebody else. What you have entered is still here: saving "
    "it makes a new contact."
)
_DEEPEST = 12
"""Levels that the values of a customer have at most, with some to spare."""


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """A form over the customer itself, or over the contact whose name it is given; empty for one that is new."""

    form: FormOf[M]
    contact: str | None = None
    also: Callable[[Form[M]], None] | None = None
    """What else is to be said of what was sent, before it is saved."""

    async def show(self, page: CustomerPage) -> Form[M]:
        """The form as the customer stands now. Raises HTTPException 404 where there is no such contact (any more)."""
        customer = await page.entry()
        values = values_of(customer)
        seen = {path: value_at(values, path) for path in self._paths()}
        return self.form.show(page.words, self._entry(customer), _packed(seen))

    async def save(self, page: CustomerPage) -> tuple[Form[M], int]:
        """Save what was sent: SAVED; or else the form to show again, and with which status."""
        customer = await page.entry()
        form, status = await self._read(page, self._entry(customer))
        if form.said is None:
            return form, status
        seen = unpacked(form.version, self._paths().keys())
        said = self._said(form.said)
        changes = {path: value for path, value in said.items() if not alike(value, seen[path])}
        try:
            await page.web.customers.save(page.customer, changes, seen, page.identity)
        except Conflict as conflict:
            self._show_theirs(form, customer, conflict)
            form.version = _packed(seen | conflict.theirs)
            return form, 409
        except Refused as refused:
            self.put_all(form, refused)
            return form, 422
        return form, SAVED

    async def add(self, page: CustomerPage) -> tuple[Form[M], int]:
        """Make the contact that was sent; like `save`."""
        form, status = await self._read(page, None)
        if form.said is None:
            return form, status
        values = form.said.model_dump(mode="json", by_alias=True)
        path = join((CONTACTS, values["name"]))
        try:
            await page.web.customers.save(page.customer, {path: values}, {path: None}, page.identity)
        except Conflict:
            form.refuse("name", _TAKEN)
            return form, 422
        except Refused as refused:
            self.put_all(form, refused)
            return form, 422
        return form, SAVED

    async def gone(self, page: CustomerPage) -> Form[M]:
        """What was sent of a contact who has gone meanwhile, to be saved as a new one.

        Raises HTTPException 404 or 400 where no form about that contact has sent it.
        """
        form, _ = await self._read(page, None)
        if not form.version:
            raise HTTPException(404)
        unpacked(form.version, self._paths().keys())
        form.version = ""
        form.mistakes = {"": page.words(_GONE), **form.mistakes}
        return form

    async def _read(self, page: CustomerPage, entry: M | None) -> tuple[Form[M], int]:
        form = await self.form.read(page.request, page.words, entry)
        if form.moved:
            return form, 200
        if self.also is not None:
            self.also(form)
        return form, 422

    def put_all(self, form: Form[M], refused: Refused) -> None:
        """Every mistake at its field."""
        own = {self.contact, form.value("name")}
        for mistake in refused.mistakes:
            steps = split(mistake.path)
            if self.contact is not None and steps[0] == CONTACTS:
                if len(steps) == 1 and mistake.wrong.code == "twice":
                    form.refuse("name", _TAKEN)
                    continue
                steps = steps[2:] if len(steps) > 1 and steps[1] in own else ()
            put(form, ".".join(steps), mistake)

    def _paths(self) -> dict[str, str]:
        """The path within the customer of everything that is saved for itself, with its name in the form's model."""
        above = () if self.contact is None else (CONTACTS, self.contact)
        names = (part.name.split(".") for part in self.form.parts)
        saved = [name[: 2 if name[0] in _PARTED and not above else 1] for name in names]
        return {join((*above, *name)): ".".join(name) for name in saved}

    def _said(self, model: M) -> dict[str, Any]:
        values = model.model_dump(mode="json", by_alias=True)
        return {path: _at(values, name) for path, name in self._paths().items()}

    def _entry(self, customer: CustomerEntry) -> Any:
        return customer if self.contact is None else contact_of(customer, self.contact)

    def _show_theirs(self, form: Form[M], customer: CustomerEntry, conflict: Conflict) -> None:
        """Beside what was typed, what stands there now; `customer` has all the rest."""
        values = self._entry(customer).model_dump(mode="json", by_alias=True)
        names = self._paths()
        for path, theirs in conflict.theirs.items():
            put_value(values, names[path], theirs)
            show_theirs(form, names[path], self.form.filled(values))


def contact_of(customer: CustomerEntry, name: str) -> Any:
    """The contact of that name. Raises HTTPException 404."""
    for contact in customer.contacts:
        if contact.name == name:
            return contact
    raise HTTPException(404)


def put(form: Form[Any], name: str, mistake: FieldMistake) -> None:
    """The mistake at its field; for the whole form where it has no such field."""
    form.said = None
    form.mistakes.setdefault(form.place(name), said_of(mistake.wrong, form.words))


def _at(values: Any, name: str) -> Any:
    for step in name.split("."):
        values = values.get(step) if isinstance(values, Mapping) else None
    return values


def _packed(seen: Mapping[str, Any]) -> str:
    return json.dumps(seen, ensure_ascii=False, separators=(",", ":"))


def unpacked(version: str, paths: Set[str] | None = None) -> dict[str, Any]:
    """What the form had shown. Raises HTTPException 400 for what no form of ours has sent."""
    try:
        seen = json.loads(version)
    except (ValueError, RecursionError):
        seen = None
    if not isinstance(seen, dict) or (paths is not None and seen.keys() != paths) or _is_deeper(seen, _DEEPEST):
        raise HTTPException(400)
    return seen


def _is_deeper(value: Any, levels: int) -> bool:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in below)
