"""Parcels as the outbox hands them over, and a clock that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import DeliveryState, Means
from engine.ports.outbox import Parcel
from engine.terms import AgentId, CustomerId

TAKEN = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
NOW = TAKEN + timedelta(seconds=10)
SLIP = Slip(
    agent=AgentId("anna"),
    agent_name="Anna Lindner",
    taken_at=TAKEN,
    contact="Jürgen Groß",
    caller_name="Frau Özdemir",
    company="Blumen & Söhne <Berlin>",
    number="+491701234567",
    subject="Kranz für Freitag",
    urgency=Urgency.NORMAL,
    text="Bitte bis 14 Uhr zurückrufen.\nEs geht um den Kranz.",
    ticks=frozenset({Tick.CALL_BACK}),
)


class StandingClock:
    """Fills `Clock`; is put on by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def set(self) -> None:
        raise AssertionError("nobody sets the clock here")


def parcel(means: Means, address: str, options: Mapping[str, Any] | None = None, **changed: Any) -> Parcel:
    """A delivery of that message; `changed`: fields of the slip."""
    return Parcel(
        id=7,
        key="d7k3m9q2x5",
        means=means,
        recipient="Jürgen Groß",
        address=address,
        options=options or {},
        customer=CustomerId(3),
        customer_name="Muster GmbH",
        message=4711,
        slip=replace(SLIP, **changed),
        tries=0,
    )


def handed_over(delivery: Parcel, reference: str | None) -> Parcel:
    """The same when it is to be looked after."""
    return replace(delivery, reference=reference, state=DeliveryState.SENT)
