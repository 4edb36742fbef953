"""Everything that is kept about a telephone number, as a page: looked for, saved as a file, deleted (GDPR, articles 15,
17, 20); for the customer and for support.

Rules of this file: a number is sent in a form and never in an address, which browsers and logs keep. What is deleted is
named before, and has to be confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field

from engine.accounts import Identity
from engine.ports.keeping import NightReport
from engine.ports.persons import STAYS, Kind, Person
from engine.service.persons import StillCalling, document
from engine.terms import CustomerId, Wrong
from engine.web import person_words
from engine.web.forms import Field as FormField
from engine.web.forms import Form, FormOf, sent_fields
from engine.web.forms import Kind as FieldKind
from engine.web.languages import N_
from engine.web.mistakes import said_of
from engine.web.page import AnyPage

TITLE = N_("Data protection")
_NIGHTS = 14
"""Reports that support sees."""
_CALLING = N_("A call of this number is going on. Please try again when it is over.")
_CONFIRM = N_("Please confirm that it is to be deleted.")


class Asked(BaseModel):
    """A number in whatever way people write it."""

    caller: Annotated[str, Field(max_length=60)]


_HINT = N_("The caller's, with its area code, however it is written.")
_FORM = FormOf(Asked, (FormField("caller", N_("Telephone number"), FieldKind.TEL, _HINT),))


class Answers:
    """One such page: whose data it is about, and where it stands."""

    def __init__(self, page: AnyPage, customer: CustomerId | None, here: str, home: str = "", number: str = "") -> None:
        """`customer` None = everybody's; `home` and `number`: the customer's, where support looks."""
        self._page, self._customer, self._here, self._home, self._number = page, customer, here, home, number

    async def show(self, form: Form[Asked] | None = None, status: int = 200, **more: Any) -> Response:
        """The page, with what was found or done."""
        nights: Sequence[NightReport] = ()
        if self._customer is None:
            nights = await self._page.web.persons.nights(_NIGHTS)
        given: dict[str, Any] = {"unconfirmed": "", "person": None, "deleted": None, "nights": nights, **more}
        return self._page.show(
            "persons.html",
            status,
            title=TITLE,
            form=form or _FORM.show(self._page.words),
            here=self._here,
            home=self._home,
            number=self._number,
            everywhere=self._customer is None,
            said=person_words,
            stays=STAYS,
            periods=self._page.web.persons.periods,
            **given,
        )

    async def find(self) -> Response:
        """What is kept about the number that was sent."""
        form, person = await self._found()
        return await self.show(form, 200 if person else 422, person=person)

    async def export(self) -> Response:
        """The same as a file."""
        form, person = await self._found()
        if person is None:
            return await self.show(form, 422)
        left_out = [self._page.words(one) for one in person_words.LEFT_OUT]
        periods, now = self._page.web.persons.periods, self._page.web.clock.now()
        told = json.dumps(document(person, now, left_out, periods), ensure_ascii=False, indent=1)
        headers = {"Content-Disposition": 'attachment; filename="auskunft.json"'}
        return Response(told, media_type="application/json", headers=headers)

    async def delete(self) -> Response:
        """Delete it, if that was confirmed."""
        form, person = await self._found()
        if person is None or form.said is None:
            return await self.show(form, 422)
        sent = await sent_fields(self._page.request)
        if "confirmed" not in sent:
            return await self.show(form, 422, person=person, unconfirmed=_CONFIRM)
        keep = (Kind.BLOCKED,) if "keep_blocked" in sent else ()
        try:
            deleted = await self._page.web.persons.delete(form.said.caller, self._customer, self._by, keep)
        except StillCalling:
            return await self.show(form, 409, person=person, unconfirmed=_CALLING)
        return await self.show(deleted=deleted)

    async def _found(self) -> tuple[Form[Asked], Person | None]:
        form = await _FORM.read(self._page.request, self._page.words)
        if form.said is None:
            return form, None
        try:
            return form, await self._page.web.persons.find(form.said.caller, self._customer, self._by)
        except Wrong as wrong:
            form.mistakes["caller"] = said_of(wrong, self._page.words)
            return form, None

    @property
    def _by(self) -> Identity:
        """Support acts as itself on its own pages."""
        identity = self._page.identity
        return replace(identity, acting_for=None) if self._here.startswith("/support") else identity
