"""Messages and deliveries as their tables have them, and back.

Rule of this file: what comes from outside is made storable here; a delivery's key is made here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any
from uuid import uuid4

from sqlalchemy import Row

from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import DeliveryState, Marks, Means, Occasion, State, Trouble
from engine.ports.messages import Delivery
from engine.ports.outbox import Planned
from engine.store.searching import digits, folded, spelled
from engine.store.tables import messages
from engine.terms import AgentId, CustomerId

_MARKS = tuple(field.name for field in fields(Marks))
_SLIP = tuple(field.name for field in fields(Slip))
SLIP_COLUMNS = tuple(messages.c[name] for name in _SLIP)
MESSAGE_COLUMNS = (messages.c.id, *SLIP_COLUMNS, *(messages.c[name] for name in _MARKS))


def message_row(customer: CustomerId, key: str, slip: Slip, country: str) -> dict[str, Any]:
    """A new message. `country`: the installation's code without plus, for its number."""
    told = {name: getattr(slip, name) for name in _SLIP}
    own = {"customer": customer, "key": key, "state": State.NEW.value, "search": _search(slip, country)}
    ticks = " ".join(tick.value for tick in _ordered(slip.ticks))
    return {**told, **own, "urgency": slip.urgency.value, "ticks": ticks}


def slip_of(row: Row[Any]) -> Slip:
    """From `SLIP_COLUMNS`."""
    told = {name: row._mapping[name] for name in _SLIP}
    fields = tuple((label, value) for label, value in row.fields)
    own = {"urgency": Urgency(row.urgency), "ticks": frozenset(map(Tick, row.ticks.split())), "fields": fields}
    return Slip(**{**told, **own})


def notice_slip(row: Row[Any]) -> Slip:
    """What stands for a message in the delivery of a notice: who has asked for it, and its texts."""
    by, texts = row.told.get("by", ""), {name: row.told.get(name, "") for name in ("subject", "text")}
    return Slip(AgentId(""), by, row.begun_at, contact=row.recipient or None, caller_name=by, **texts)


def marks_of(row: Row[Any]) -> Marks:
    """From `MESSAGE_COLUMNS`."""
    return Marks(**{**{name: row._mapping[name] for name in _MARKS}, "state": State(row.state)})


def planned_row(message: int | None, planned: Planned) -> dict[str, Any]:
    """A new delivery."""
    return {
        "message": message,
        "key": uuid4().hex,
        "means": planned.means.value,
        "recipient": planned.recipient,
        "address": planned.address,
        "options": dict(planned.options),
        "state": DeliveryState.QUEUED.value,
        "at": planned.due,
        "begun_at": planned.due,
        "due": planned.due,
        "is_urgent": planned.is_urgent,
        "tries": 0,
    }


def notice_row(customer: CustomerId, occasion: Occasion, planned: Planned, told: Mapping[str, Any]) -> dict[str, Any]:
    """A new delivery that belongs to no message."""
    return {**planned_row(None, planned), "customer": customer, "occasion": occasion.value, "told": dict(told)}


def delivery_of(row: Row[Any]) -> Delivery:
    """From all columns of the table."""
    return Delivery(
        Means(row.means),
        row.recipient,
        row.address,
        DeliveryState(row.state),
        row.at,
        row.tries,
        None if row.trouble is None else Trouble(row.trouble),
        row.id,
        row.due,
        row.detail,
        row.by,
        row.is_replaced,
        row.options,
    )


def _search(slip: Slip, country: str) -> str:
    short = (slip.caller_name, slip.company, slip.subject, slip.contact or "")
    more = tuple(value for _, value in slip.fields)
    texts = (*short, *more)
    items = (*map(folded, texts), *map(spelled, texts), folded(slip.number), digits(slip.number, country))
    return "\n".join(dict.fromkeys(one for one in (*items, folded(slip.text)) if one))


def _ordered(ticks: Iterable[Tick]) -> list[Tick]:
    return [tick for tick in Tick if tick in set(ticks)]
