"""What was agreed with a customer, as far as one call needs it: read once when the call arrives.

A change of settings applies to following calls only (§5.7), so a call keeps the plan it arrived with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from engine.acd.need import Need
from engine.call.limits import UNLIMITED, Limits
from engine.law.listening import MayListen
from engine.terms import AfterMaxWait, CustomerId, Treatment

RINGTONE = "ringtone"
"""The music class that is a ring tone."""


@dataclass(frozen=True, slots=True)
class WaitPlan:
    """What the caller hears. Sound names are relative to a sound directory, without ending; times in seconds."""

    treatment: Treatment
    music: str = "default"
    """Music class: `default`, `ringtone`, `silence` or a class of the installation."""
    greeting: str | None = None
    """The automatic greeting announcement, played once before the music (not for `ringing`)."""
    announcements: tuple[str, ...] = ("please-wait",)
    """Interim announcements, played in turn."""
    announce_every: float | None = None
    """Seconds of music between two interim announcements, > 0; None = none are played."""
    max_wait: float | None = None
    """Longest wait in seconds, > 0; None = no limit. With delayed connect never None (L6)."""
    then: AfterMaxWait = AfterMaxWait.BUSY
    notice: str | None = None
    """What the law wants the caller to hear before everything else (L5; not for `ringing`)."""
    ends_at_once: bool = False
    """The answered wait is free for so long and no longer (0180-7): at its end nothing more is said, nobody rung."""

    @property
    def opening(self) -> tuple[str, ...]:
        """The announcements that come once, one after the other, before the music."""
        return tuple(sound for sound in (self.notice, self.greeting) if sound)

    def within(self, longest: float, free: float | None = None) -> Self:
        """With delayed connect never without a limit, nor beyond `longest` seconds (L6).

        `free`: seconds of an answered wait that cost the caller nothing; None = no matter (L2).
        """
        if self.treatment is Treatment.DELAYED_CONNECT:
            return replace(self, max_wait=min(self.max_wait or longest, longest))
        if self.treatment is Treatment.ANSWERED and free is not None:
            return replace(self, max_wait=min(self.max_wait or free, free), ends_at_once=True)
        return self

    @property
    def waits_on(self) -> bool:
        """Whether the caller may wait on when the longest wait is over."""
        if self.ends_at_once or self.treatment is Treatment.DELAYED_CONNECT:
            return False
        return self.then is AfterMaxWait.KEEP

    @property
    def heard(self) -> str:
        """The music class that the waiting caller hears."""
        return RINGTONE if self.treatment is Treatment.RINGING_ANNOUNCED else self.music


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about the customer that one call needs."""

    customer: CustomerId
    number: str
    name: str
    wait: WaitPlan
    need: Need
    ring_time: float = 20.0
    """Seconds that one agent's phone rings before the next agent is rung."""
    alert_time: float = 5.0
    """Seconds within which an agent's phone must say that it rings, else it counts as unreachable."""
    limits: Limits = UNLIMITED
    may_hold: bool = True
    """Whether the caller may be held, put through and consulted about (L3): False where he would pay for that wait."""
    may_return: bool = True
    """Whether the caller may wait in the line again after he has talked: False where he would pay for it (L2, L3)."""
    may_listen: MayListen = MayListen.NOT_AGREED
    """Whether a supervisor may listen in, as far as customer and law go."""
