"""Entries of customers and of what they booked."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_serializer, model_validator

from engine.acd.need import Circle, Need
from engine.call.plan import WaitPlan
from engine.entries.base import Entry
from engine.entries.fields import (
    AccessNumber,
    Count,
    Days,
    Flag,
    FreeText,
    Hours,
    LineNumber,
    Name,
    Names,
    Rate,
    Seconds,
    Sound,
    State,
)
from engine.terms import AfterMaxWait, Group, NumberClass, Skill, Treatment


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
            raise ValueError("overflow needs overflow_after, the seconds after which the wider circle may answer")
        return self

    def need(self) -> Need:
        """As the ACD needs it."""
        return Need(self.circle(), self.overflow_after, self.overflow.circle())


class CustomerEntry(Entry):
    """A customer: the business that booked the service."""

    key: ClassVar[str] = "number"

    number: Name
    name: Name
    access_numbers: tuple[AccessNumber, ...] = ()
    lines: tuple[LineEntry, ...] = ()
    tariff: Name
    state: State | None = None
    greeting: FreeText | None = None
    """What the agent reads out; `{agent}` stands for the agent's name."""
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

    @field_validator("access_numbers", "lines")
    @classmethod
    def _named_once(cls, values: tuple[Any, ...]) -> tuple[Any, ...]:
        numbers = [value.number if isinstance(value, LineEntry) else value for value in values]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(f"{', '.join(twice)} is named twice: write it once")
        return values
