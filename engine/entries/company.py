"""Entries of what agents tell callers about a customer: the company, notes for VIPs, answers (§5.3 to §5.5);
and of callers who are not let through to them.
"""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from engine.entries.base import Entry
from engine.entries.fields import CallerNumber, FreeText, LineNumber, Mail, Moment, Name, VatId, WebAddress, ends_later

MOST_NOTES = 5
"""VIP notes and answers that a customer may have (§5.4, §5.5)."""


MOST_BLOCKED = 200
"""Callers whom a customer may block."""


class CompanyEntry(Entry):
    """The company's data; all of it may be told to callers (§5.3)."""

    name: Name | None = None
    address: FreeText | None = None
    web: WebAddress | None = None
    phone: LineNumber | None = None
    fax: LineNumber | None = None
    mail: Mail | None = None
    director: Name | None = None
    vat_id: VatId | None = None
    registration: Name | None = Field(default=None, alias="register")
    """Court and number, e.g. `HRB 12345, Amtsgericht Charlottenburg`."""
    bank: FreeText | None = None
    opening_hours: FreeText | None = None
    description: FreeText | None = None
    field_of_work: FreeText | None = None


class VipEntry(Entry):
    """A message for one caller, known by a number or by what he says (§5.4)."""

    who: Name
    numbers: tuple[LineNumber, ...] = ()
    message: FreeText
    since: Moment | None = None
    until: Moment | None = None
    """None = for good."""

    _ends_later = field_validator("until")(ends_later)


class FaqEntry(Entry):
    """What to say or do in a situation that occurs often: agents see the heading, and the text on demand (§5.5)."""

    heading: Name
    text: FreeText


class ShownNumberEntry(Entry):
    """A number that callees may see instead of ours, and why the customer may use it (L7; TKG § 120)."""

    number: LineNumber
    right: FreeText
    """The right of use, e.g. the carrier's confirmation and its date."""


class BlockedCallerEntry(Entry):
    """A caller whose calls are refused; in YAML also just the number."""

    number: CallerNumber
    note: Name | None = None
    since: Moment | None = None
    """When it was blocked, as far as it is known; kept by the service, as is `by`."""
    by: Name | None = None
    """A login of the customer's, or `support`."""

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, value: object) -> object:
        return value if isinstance(value, dict | BlockedCallerEntry) else {"number": value}
