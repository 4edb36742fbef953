"""What the desk shows of one call, and what a form shows of a message that was taken back.

Rule of this file: plain values; of a customer what is released.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from engine.directory.released import Released
from engine.message.slip import Slip
from engine.ports.desk import DeskCall, Earlier
from engine.service.transfers import Offers


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk shows of one call."""

    call: DeskCall
    directory: Released
    """With the agent's name in the greeting."""
    may_put_through: bool
    """False: the law keeps put-through, consult and hold off in this call (L3)."""
    earlier: tuple[Earlier, ...]
    """Of the same caller with this customer, the latest first."""
    offers: Offers | None = None
    """To whom the caller can be put through; None once the call is over."""


def draft_of(slip: Slip) -> dict[str, Any]:
    """What was typed to take this message, by the names of `Slip`: texts, `ticks` and `fields` lists; no more."""
    own = asdict(slip)
    for name in ("agent", "agent_name", "taken_at", "call"):
        del own[name]
    return {
        **own,
        "contact": slip.contact or "",
        "urgency": slip.urgency.value,
        "ticks": sorted(slip.ticks),
        "fields": [list(one) for one in slip.fields],
    }
