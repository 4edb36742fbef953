"""Forms over one agent or trunk: shown as it stands, saved, refused at the field, or in conflict with somebody else.

Rule of this file: as in `engine.web.portal.editing`, field by field, what a form showed comes back with it. A password
is never shown, so it is not compared; one that is left empty stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from fastapi import HTTPException

from engine.entries import KeyedEntry
from engine.entries.passwords import open_values
from engine.entries.paths import alike, split
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict
from engine.service.people import Gone, Written
from engine.web.forms import Form, FormOf, M, put_value
from engine.web.page import AnyPage
from engine.web.portal.editing import put, unpacked
from engine.web.portal.theirs import show_theirs

PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class EntryPart(Generic[M]):
    """A form over the entry of this section and key; empty for one that is new."""

    section: str
    form: FormOf[M]
    key: str = ""

    async def show(self, page: AnyPage) -> Form[M]:
        """The form as the entry stands now. Raises HTTPException 404 where there is none (any more)."""
        entry = await self.entry(page)
        return self.form.show(page.words, self._bare(entry), json.dumps(self._of(open_values(entry))))

    async def save(self, page: AnyPage) -> tuple[Form[M], int, Written | None]:
        """Save what was sent: what was done; or else the form to show again, and with which status."""
        entry = await self.entry(page)
        form = await self.form.read(page.request, page.words, self._bare(entry))
        if form.said is None:
            return form, 422, None
        said = self._of(form.said.model_dump(mode="json", by_alias=True))
        seen = unpacked(form.version, said.keys())
        changes = {name: value for name, value in said.items() if not alike(value, seen[name])}
        if form.value(PASSWORD):
            changes[PASSWORD] = form.value(PASSWORD)
        try:
            return form, 303, await page.web.people.save((self.section, self.key), changes, seen, page.identity)
        except Gone:
            raise HTTPException(404) from None
        except Conflict as conflict:
            self._show_theirs(form, open_values(entry), conflict)
            form.version = json.dumps(seen | conflict.theirs)
            return form, 409, None
        except Refused as refused:
            return _refuse(form, refused), 422, None

    async def add(self, page: AnyPage) -> tuple[Form[M], int, Written | None]:
        """Make what was sent; like `save`."""
        form = await self.form.read(page.request, page.words)
        if form.said is None:
            return form, 422, None
        values = form.said.model_dump(mode="json", by_alias=True)
        try:
            return form, 303, await page.web.people.add(self.section, values, page.identity)
        except Refused as refused:
            return _refuse(form, refused), 422, None

    async def entry(self, page: AnyPage) -> KeyedEntry:
        """What is edited. Raises HTTPException 404."""
        found = (await page.web.people.all()).by_key().get((self.section, self.key))
        if found is None:
            raise HTTPException(404)
        return found

    def _bare(self, entry: KeyedEntry) -> M:
        return self.form.model.model_validate(open_values(entry))

    def _of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those values that the form has a field for."""
        names = dict.fromkeys(part.name.partition(".")[0] for part in self.form.parts)
        return {name: _without_password(values.get(name)) for name in names if name != PASSWORD}

    def _show_theirs(self, form: Form[M], values: dict[str, Any], conflict: Conflict) -> None:
        for name, theirs in conflict.theirs.items():
            put_value(values, name, theirs)
            show_theirs(form, name, self.form.filled(values))


def _without_password(value: Any) -> Any:
    return {key: one for key, one in value.items() if key != PASSWORD} if isinstance(value, dict) else value


def _refuse(form: Form[M], refused: Refused) -> Form[M]:
    for mistake in refused.mistakes:
        put(form, ".".join(split(mistake.path)), mistake)
    return form
