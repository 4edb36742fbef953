"""What programs send and get of messages.

Rule of this file: as in `engine.web.api.models`; of the agent the name alone.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means, State, Summary, Trouble
from engine.ports.messages import Message
from engine.web.api.models import Sent


class MessageChange(Sent):
    """What can be changed of a message."""

    state: State


class Elsewhere(Sent):
    """To whom a message is sent too: a contact, by a means that is switched on for it, to what is entered there."""

    recipient: str = Field(max_length=80, examples=["Eva Brandt"])
    means: Means
    address: str = Field(max_length=320, examples=["eva@muster.example"])


class FieldShown(BaseModel):
    """What the customer wants to be asked for beside the usual; an empty `value` = nobody has said."""

    label: str
    value: str


class MessageShown(BaseModel):
    """A message. Times are UTC; texts that nobody has written are empty; `contact` is `null` for everybody."""

    id: int
    taken_at: datetime
    taken_by: str
    contact: str | None
    caller_name: str
    company: str
    number: str
    subject: str
    urgency: Urgency
    text: str
    ticks: list[Tick]
    fields: list[FieldShown]
    call: str | None
    state: State
    read_at: datetime | None
    read_by: str | None
    done_at: datetime | None
    done_by: str | None
    delivery: Summary

    @classmethod
    def of(cls, message: Message) -> MessageShown:
        """Without what is ours alone."""
        return cls(**_of_message(message))


class DeliveryShown(BaseModel):
    """One way on which it goes.

    `at`: when it came into its state; `trouble`: why the last try has failed; `due`: when it is tried next, or looked
    after; `by`: who has acknowledged it; `is_replaced`: another delivery has taken its place, so its failure is over.
    """

    id: int
    means: Means
    recipient: str
    address: str
    state: DeliveryState
    at: datetime
    tries: int
    trouble: Trouble | None
    due: datetime | None
    by: str | None
    is_replaced: bool


class MessageTold(MessageShown):
    """A message with its deliveries."""

    deliveries: list[DeliveryShown]

    @classmethod
    def told(cls, message: Message) -> MessageTold:
        """All of it."""
        deliveries = [DeliveryShown.model_validate(one, from_attributes=True) for one in message.deliveries]
        return cls(**_of_message(message), deliveries=deliveries)


def _of_message(message: Message) -> dict[str, Any]:
    slip = message.slip
    told = {name: getattr(slip, name) for name in MessageShown.model_fields if hasattr(slip, name)}
    ticks = [tick for tick in Tick if tick in slip.ticks]
    told["fields"] = [FieldShown(label=label, value=value) for label, value in slip.fields]
    own = {"id": message.id, "taken_by": slip.agent_name, "ticks": ticks, "delivery": message.delivery}
    return {**told, **asdict(message.marks), **own}
