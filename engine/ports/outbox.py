"""What leaves the house: each delivery of a message on its own, and who carries it (§5.2.3).

Rule of this file: a delivery is claimed, handed to its courier, and noted, in this order; who dies in between leaves it
claimed, and the next one hands it over again under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from engine.message.digest import Digest
from engine.message.slip import Slip
from engine.message.states import DeliveryState, Means, Occasion, Trouble
from engine.terms import CustomerId


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that is due, with all that its courier needs."""

    id: int
    key: str
    """Of this delivery and no other, the same at every try: letters and digits, at most 40."""
    means: Means
    recipient: str
    address: str
    options: Mapping[str, Any]
    """What the means wants to know besides, as it was entered then: Pushover's level, retry and expire, say."""
    customer: CustomerId
    customer_name: str
    message: int
    """0 = it belongs to none: see `occasion`."""
    slip: Slip
    tries: int
    """Made before this one."""
    reference: str | None = None
    """What the courier called it when it was handed over; None = it has not been."""
    state: DeliveryState = DeliveryState.QUEUED
    """As it was before it was claimed: `SENT` and `DELIVERED` are only to be looked after."""
    since: datetime | None = None
    """When it was due first, an aware time; a delivery that is sent again by hand is another one."""
    occasion: Occasion = Occasion.MESSAGE
    digest: Digest | None = None
    """What a daily summary says, as it stood when it was claimed; the slip says nothing then."""

    @property
    def path(self) -> str:
        """The portal's page about it."""
        return {Occasion.TEST: "/contacts", Occasion.DIGEST: "/messages"}.get(
            self.occasion, f"/messages/{self.message}"
        )


@dataclass(frozen=True, slots=True)
class Handed:
    """What a courier says of a parcel that was taken."""

    state: DeliveryState
    """`SENT`, `DELIVERED` or `ACKNOWLEDGED`."""
    reference: str | None = None
    look_at: datetime | None = None
    """When to ask what has become of it, an aware time; None = nothing more is heard of it unasked."""
    by: str | None = None
    """Who has acknowledged it."""


class NotHanded(Exception):
    """It was not taken. `final`: no further try would help."""

    def __init__(
        self,
        trouble: Trouble,
        detail: str,
        *,
        final: bool = False,
        after: float | None = None,
        is_try: bool = True,
    ) -> None:
        """`detail`: the other side's words, without secrets; `after`: seconds that it wants us to wait at least.

        `is_try`: False where nothing was tried, because too much was sent already.
        """
        super().__init__(detail)
        self.trouble, self.detail = trouble, detail
        self.final, self.after, self.is_try = final, after, is_try


class Courier(Protocol):
    """Carries by one means. Whatever else it raises counts as `NotHanded(Trouble.OURS)`, to be tried again."""

    means: Means
    at_once: int
    """Parcels that it carries at the same time."""
    every: float
    """Seconds from one parcel to the next, at least; 0 = none."""

    async def send(self, parcel: Parcel) -> Handed:
        """Hand it over. Raises NotHanded."""

    async def look(self, parcel: Parcel) -> Handed:
        """What has become of it by now; the same state with another `look_at` if nothing new. Raises NotHanded."""


@runtime_checkable
class Slow(Protocol):
    """What a courier is besides that may take longer than others over one parcel."""

    limit: float
    """Seconds after which it is given up."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A delivery that is to be made. `due`: not before this aware time; `is_urgent`: before all that are not."""

    means: Means
    recipient: str
    address: str
    due: datetime
    options: Mapping[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a delivery is after a try or a look."""

    id: int
    state: DeliveryState
    at: datetime
    tries: int
    due: datetime | None
    """When it is to be looked after next; None = it is over, or nothing more is known of it."""
    trouble: Trouble | None = None
    detail: str = ""
    reference: str | None = None
    """None = as it was."""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the deliveries of one means stand."""

    queued: int = 0
    """Those that are not handed over yet, whatever they wait for."""
    overdue: int = 0
    """Of these, the ones that should have left long ago, and it is not the recipient's side that keeps them."""
    failed: int = 0
    """Finally, lately, and nothing has taken their place."""


class OutboxStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def claim(self, now: datetime, means: Means, most: int) -> Sequence[Parcel]:
        """At most so many of those that are due, urgent ones first, then the longest due.

        Theirs is the caller from now on, alone.
        A delivery that was `QUEUED` is `SENDING` until it is noted.
        """

    async def note(self, noted: Noted, then: Sequence[Planned] = ()) -> bool:
        """How far it is, and what else of the same message takes its place because of that, in one transaction.

        False = nothing was noted, for nobody has claimed it: it was noted already, or the message is no more.
        """

    async def next_due(self, means: Means) -> datetime | None:
        """When the next one of this means is due; None = none is waiting."""

    async def release(self) -> int:
        """All that was claimed by somebody who is gone may be claimed again; how many. Only one process claims.

        What waits because of a fault of ours is due at once: who has mended it starts the engine again.
        """

    async def standing(self, due_before: datetime, failed_since: datetime) -> Mapping[Means, Standing]:
        """How all of them stand; means without any may be missing.

        `due_before`: overdue is what was due first before; `failed_since`: what has failed since counts. Aware times.
        """
