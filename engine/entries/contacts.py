"""Entries of a customer's contacts: the people behind the business for whom callers ask (§5.2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from engine.entries.base import Entry
from engine.entries.digest import DigestEntry
from engine.entries.fields import (
    Flag,
    FreeText,
    Hours,
    Landline,
    LineNumber,
    Mail,
    MobileNumber,
    Moment,
    Name,
    PushoverUser,
    Seconds,
    each_once,
    ends_later,
)
from engine.terms import Wrong

Hidable = Literal["department", "fax", "mail", "phone", "position", "tasks"]
Option = Literal["fax", "mail", "pushover", "sms"]
_Interval = Annotated[int, Strict(), Field(ge=30, le=10_800)]
"""Whole seconds; 30 and 10,800 are Pushover's own limits."""


class AbsenceEntry(Entry):
    """A contact is away; it ends by itself at `until`, or never (§5.2.2)."""

    reason: FreeText | None = None
    since: Moment | None = None
    until: Moment | None = None
    """None = until it is taken back."""
    deputy: Name | None = None
    """The name of another contact of the same customer."""
    messages: Literal["contact", "deputy", "both"] = "contact"
    """Who gets the messages for the contact meanwhile."""

    _ends_later = field_validator("until")(ends_later)

    @field_validator("messages")
    @classmethod
    def _somebody_gets_them(cls, messages: str, info: ValidationInfo) -> str:
        if messages != "contact" and info.data.get("deputy", messages) is None:
            raise Wrong("absence.no_deputy", "there is no deputy to get the messages: name one, or write 'contact'")
        return messages


class PushoverEntry(Entry):
    """Messages in the app Pushover (§5.2.3.3)."""

    user: PushoverUser
    level: Literal["normal", "high", "emergency"] = "normal"
    retry: _Interval = 60
    """Of an emergency: seconds between two alarms until somebody acknowledges."""
    expire: _Interval = 3600
    """Of an emergency: seconds after which the alarms end."""
    next: Name | None = None
    """The contact, with Pushover too, who is alarmed then."""


class NotifyEntry(Entry):
    """How a contact gets messages: by every option that is entered and not off (§5.2.3)."""

    mail: tuple[Mail, ...] = Field(default=(), max_length=2)
    sms: MobileNumber | None = None
    pushover: PushoverEntry | None = None
    fax: Landline | None = None
    off: Annotated[tuple[Option, ...], AfterValidator(each_once)] = ()
    digest: DigestEntry | None = None
    """The daily summary, to the addresses at `mail`, also where that is off; it is no option by itself."""

    @field_validator("digest")
    @classmethod
    def _has_an_address(cls, digest: DigestEntry | None, info: ValidationInfo) -> DigestEntry | None:
        if digest is not None and not info.data.get("mail", True):
            raise Wrong("digest.mail", "the daily summary goes by mail: enter an address at mail, or leave it out")
        return digest

    @property
    def active(self) -> tuple[Option, ...]:
        """The options that are used, in the order of §5.2.3."""
        options: tuple[Option, ...] = ("mail", "sms", "pushover", "fax")
        return tuple(option for option in options if getattr(self, option) and option not in self.off)

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.active:
            how = "a contact needs at least one way to get messages: enter mail, sms, pushover or fax, and not off"
            raise Wrong("notify.none", how)
        return self


class TargetEntry(Entry):
    """A number to which callers are put through; in YAML also just the number (§5.2.4.1)."""

    number: LineNumber
    use: Flag = True
    ring_time: Seconds | None = Field(default=None, ge=5, le=120)
    """Seconds; None = the installation's."""

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, value: object) -> object:
        return value if isinstance(value, dict | TargetEntry) else {"number": value}

    @model_serializer(mode="wrap")
    def _short(self, whole: Any) -> Any:
        if self.use and self.ring_time is None:
            return self.number
        return whole(self)


class TransferEntry(Entry):
    """Where callers may be put through to, in the order in which the targets are tried (§5.2.4)."""

    restrictions: FreeText | None = None
    targets: tuple[TargetEntry, ...] = ()
    accept: Flag = False
    """Whoever answers must press 1 before the caller is put through, so that no mailbox takes the call."""


class ContactEntry(Entry):
    """A contact. What is entered and not hidden may be told to callers (§5.2.1)."""

    name: Name
    position: Name | None = None
    department: Name | None = None
    tasks: FreeText | None = None
    phone: LineNumber | None = None
    fax: LineNumber | None = None
    mail: Mail | None = None
    hidden: Annotated[tuple[Hidable, ...], AfterValidator(each_once)] = ()
    """What agents do not see."""
    hours: Hours | None = None
    """Working hours; None = whenever the service is open."""
    absence: AbsenceEntry | None = None
    notify: NotifyEntry
    transfer: TransferEntry = TransferEntry()
