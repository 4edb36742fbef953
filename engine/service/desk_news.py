"""What becomes of a message, told to the desk of who has taken it.

Rule of this file: only what changes something there: that it cannot be taken back any more, and that it was lost.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.message.slip import Urgency
from engine.message.states import DeliveryState, Occasion
from engine.ports.outbox import Parcel
from engine.terms import AgentId


def desk_news(stirred: Callable[[AgentId], None]) -> Callable[[Parcel, DeliveryState], None]:
    """For an outbox. `stirred(agent)`: something of this agent's has changed.

    All but an emergency leave when the time to take them back is over: then nobody needs to look.
    """

    def told(parcel: Parcel, state: DeliveryState) -> None:
        is_news = state is DeliveryState.FAILED or parcel.slip.urgency is Urgency.EMERGENCY
        if is_news and parcel.occasion is Occasion.MESSAGE:
            stirred(parcel.slip.agent)

    return told
