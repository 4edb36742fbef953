"""Forms over a part of a customer: shown as it stands, saved, refused at the field, or in conflict with somebody else.

Rule of this file: what a form showed goes with it and comes back when it is sent, so two people who edit different
fields do not disturb each other, and who edits the same one is told what the other has written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from fastapi import HTTPException

from engine.entries import CustomerEntry
from engine.entries.paths import CONTACTS, join, split, value_at, values_of
from engine.service.customer_judging import FieldMistake, Refused
from engine.service.customers import Conflict
from engine.web.forms import Form, FormOf, M
from engine.web.languages import N_, Words
from engine.web.mistakes import said_of
from engine.web.page import CustomerPage

_NOTHING = N_("nothing")


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """A form over the customer itself, or over the contact whose name it is given."""

    form: FormOf[M]
    contact: str | None = None

    async def show(self, page: CustomerPage) -> Form[M]:
        """The form as the customer stands now. Raises HTTPException 404 where there is no such contact (any more)."""
        customer = await page.web.customers.load(page.customer)
        values = values_of(customer)
        seen = {path: value_at(values, path) for path in self._paths().values()}
        return self.form.show(page.words, self._entry(customer), _packed(seen))

    async def save(self, page: CustomerPage) -> tuple[Form[M], int]:
        """Save what was sent. The form with its mistakes and the status to show it with; 200 once it is saved."""
        customer = await page.web.customers.load(page.customer)
        form = await self.form.read(page.request, page.words, self._entry(customer))
        if form.said is None:
            return form, 422
        said = form.said.model_dump(mode="json", by_alias=True)
        changes = {path: _at(said, name) for name, path in self._paths().items()}
        seen = unpacked(form.version)
        try:
            await page.web.customers.save(page.customer, changes, seen, page.identity)
        except Conflict as conflict:
            self._show_theirs(form, conflict, page.words)
            form.version = _packed(seen | conflict.theirs)
            return form, 409
        except Refused as refused:
            for mistake in refused.mistakes:
                put(form, self.field_at(mistake), mistake)
            return form, 422
        return form, 200

    def field_at(self, mistake: FieldMistake) -> str:
        """The name that the form has, or would have, for the field of this mistake."""
        steps = split(mistake.path)
        return ".".join(steps[2:] if self.contact is not None and steps[0] == CONTACTS else steps)

    def _paths(self) -> dict[str, str]:
        """The path within the customer of every part of the form, by its name."""
        above = () if self.contact is None else (CONTACTS, self.contact)
        return {part.name: join((*above, *part.name.split("."))) for part in self.form.parts}

    def _entry(self, customer: CustomerEntry) -> Any:
        if self.contact is None:
            return customer
        for contact in customer.contacts:
            if contact.name == self.contact:
                return contact
        raise HTTPException(404)

    def _show_theirs(self, form: Form[M], conflict: Conflict, words: Words) -> None:
        names = {path: name for name, path in self._paths().items()}
        for path, theirs in conflict.theirs.items():
            text = N_("Somebody else has changed this meanwhile, to: {theirs}. To keep your text, save again.")
            form.refuse(names[path], text, theirs=_shown(theirs, words))


def put(form: Form[Any], name: str, mistake: FieldMistake) -> None:
    """The mistake at its field; for the whole form where it has no such field."""
    fields = [one.name for one in form.fields()]
    at = [one for one in fields if f"{name}.".startswith(f"{one}.")]
    within = [one for one in fields if one.startswith(f"{name}.")]
    place = max(at, key=len, default=next(iter(within), ""))
    form.said = None
    form.mistakes.setdefault(place, said_of(mistake.wrong, form.words))


def _at(values: Any, name: str) -> Any:
    for step in name.split("."):
        values = values.get(step) if isinstance(values, Mapping) else None
    return values


def _packed(seen: Mapping[str, Any]) -> str:
    return json.dumps(seen, ensure_ascii=False, separators=(",", ":"))


def unpacked(version: str) -> dict[str, Any]:
    """What the form had shown. Raises HTTPException 400 for what no form of ours has sent."""
    try:
        seen = json.loads(version)
    except (ValueError, RecursionError):
        seen = None
    if not isinstance(seen, dict):
        raise HTTPException(400)
    return seen


def _shown(value: Any, words: Words) -> str:
    if value in (None, "", [], {}):
        return words(_NOTHING)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
