"""Entries of customers and of what they booked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_serializer, model_validator

from engine.acd.need import Circle, Need
from engine.call.plan import WaitPlan
from engine.entries.base import Entry
from engine.entries.company import (
    MOST_BLOCKED,
    MOST_NOTES,
    BlockedCallerEntry,
    CompanyEntry,
    FaqEntry,
    ShownNumberEntry,
    VipEntry,
)
from engine.entries.contacts import ContactEntry
from engine.entries.digest import CustomerDigestEntry, DigestEntry
from engine.entries.fields import (
    AccessNumber,
    Count,
    Day,
    Days,
    Flag,
    FreeText,
    Hours,
    LineNumber,
    Moment,
    Name,
    Names,
    Rate,
    Seconds,
    Sound,
    State,
    named_once,
)
from engine.entries.message_fields import MOST_FIELDS, MessageFieldEntry
from engine.entries.put_through import PutThroughEntry
from engine.terms import AfterMaxWait, Group, NumberClass, Skill, Treatment, Wrong


class TariffEntry(Entry):
    """The service hours that customers can book."""

    key: ClassVar[str] = "name"

    name: Name
    hours: Hours
    holidays: Literal["open", "closed"] = "open"
    """On the public holidays of the customer's `state`; nationwide ones where it has none."""


class LineEntry(Entry):
    """A customer's own number that forwards to us; in YAML also just the number."""

    number: LineNumber
    number_class: NumberClass | None = Field(default=None, alias="class")
    """Only where it must be stricter than the number's prefix says."""

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, value: object) -> object:
        return value if isinstance(value, dict | LineEntry) else {"number": value}

    @model_serializer
    def _short(self) -> str | dict[str, str]:
        if self.number_class is None:
            return self.number
        return {"number": self.number, "class": self.number_class.value}


class WaitEntry(Entry):
    """What callers hear while waiting. Times in seconds."""

    treatment: Treatment = Treatment.DELAYED_CONNECT
    music: Sound = "default"
    greeting: Sound | None = None
    announcements: tuple[Sound, ...] = ("please-wait",)
    announce_every: Seconds | None = None
    max_wait: Seconds | None = None
    """None = no limit; with delayed connect the installation's longest wait (L6)."""
    then: AfterMaxWait = AfterMaxWait.BUSY

    def plan(self) -> WaitPlan:
        """As a call needs it."""
        return WaitPlan(
            self.treatment,
            self.music,
            self.greeting,
            self.announcements,
            self.announce_every,
            self.max_wait,
            self.then,
        )


class CircleEntry(Entry):
    """Agents with all the skills and in one of the groups; every agent where neither is named."""

    skills: Names = ()
    groups: Names = ()

    def circle(self) -> Circle:
        """As the ACD needs it."""
        return Circle(frozenset(map(Skill, self.skills)), frozenset(map(Group, self.groups)))


class RoutingEntry(CircleEntry):
    """Who may answer, and who else after `overflow_after` seconds."""

    overflow_after: Seconds | None = None
    overflow: CircleEntry = CircleEntry()

    @model_validator(mode="after")
    def _overflow_has_its_time(self) -> Self:
        if self.overflow != CircleEntry() and self.overflow_after is None:
            how = "overflow needs overflow_after, the seconds after which the wider circle may answer"
            raise Wrong("overflow", how)
        return self

    def need(self) -> Need:
        """As the ACD needs it."""
        return Need(self.circle(), self.overflow_after, self.overflow.circle())


class CustomerEntry(Entry):
    """A customer: the business that booked the service."""

    key: ClassVar[str] = "number"

    number: Name
    name: Name
    access_numbers: Annotated[tuple[AccessNumber, ...], named_once(str)] = ()
    lines: Annotated[tuple[LineEntry, ...], named_once(lambda line: str(line.number))] = ()
    tariff: Name
    state: State | None = None
    greeting: FreeText | None = None
    """What the agent reads out; `{agent}` stands for the agent's name (§5.1.1)."""
    blocked: Flag = False
    hours: Hours | None = None
    """The customer's own, which only narrow the tariff's."""
    closed_days: Days = ()
    wait: WaitEntry = WaitEntry()
    routing: RoutingEntry = RoutingEntry()
    ring_time: Seconds | None = Field(default=None, ge=3, le=120)
    """Seconds that each agent's phone rings; None = the installation's."""
    max_calls: Count | None = None
    """Calls at once, waiting or talking; None = no limit."""
    max_rate: Rate | None = None
    """Calls per second; None = no limit."""
    listening_in: Flag = False
    """The customer has agreed that supervisors listen to conversations, both sides being told (§ 201 StGB)."""
    live_since: Day | None = None
    """The day on which the account went live; None = the day of the first call on record."""
    absence_reason: FreeText | None = None
    """Why nobody of the business can be reached just now (§5.1.2)."""
    back_from: Moment | None = None
    """From when on somebody can be reached again, or in other words `back_from_text` (§5.1.3)."""
    back_from_text: Name | None = None
    instructions: FreeText | None = None
    """For the agents, in general (§5.1.4)."""
    contacts: Annotated[tuple[ContactEntry, ...], named_once(lambda contact: str(contact.name))] = ()
    company: CompanyEntry = CompanyEntry()
    vip_notes: tuple[VipEntry, ...] = Field(default=(), max_length=MOST_NOTES)
    faq: tuple[FaqEntry, ...] = Field(default=(), max_length=MOST_NOTES)
    message_fields: Annotated[tuple[MessageFieldEntry, ...], named_once(lambda one: str(one.label))] = Field(
        default=(), max_length=MOST_FIELDS
    )
    """What is asked for in every message beside the usual."""
    shown_numbers: Annotated[tuple[ShownNumberEntry, ...], named_once(lambda shown: str(shown.number))] = ()
    """The numbers that may be shown on calls that we make for the customer (L7)."""
    blocked_callers: Annotated[
        tuple[BlockedCallerEntry, ...], Field(max_length=MOST_BLOCKED), named_once(lambda caller: str(caller.number))
    ] = ()
    """Whose calls are refused."""
    put_through: PutThroughEntry = PutThroughEntry()
    digest: CustomerDigestEntry | None = None
    """The daily summary of all messages."""

    @field_validator("back_from_text")
    @classmethod
    def _one_of_both(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None and info.data.get("back_from") is not None:
            raise Wrong("back_from", "write back_from or back_from_text, not both")
        return text

    @property
    def digests(self) -> dict[str | None, tuple[tuple[str, ...], DigestEntry]]:
        """Every daily summary that is wanted, with its addresses: by the contact's name, None = of everything."""
        found = {one.name: (one.notify.mail, one.notify.digest) for one in self.contacts}
        wanted = {None: (self.digest.mail, self.digest)} if self.digest else {}
        return wanted | {name: (mail, digest) for name, (mail, digest) in found.items() if digest}
