"""How a caller who is put through looks at the desk of the agent who does it.

Rule of this file: told from the call alone, and without its numbers: which of them agents see is not known here.
"""

from __future__ import annotations

from datetime import datetime

from engine.call.state import Call, State
from engine.law.outgoing import is_mobile
from engine.ports.putting_through import DeskTransfer, Stage, Tried
from engine.service.putting_through import possible
from engine.transfer.plan import Attempt

_STAGES = {
    State.DIALLING: Stage.DIALLING,
    State.CONSULTING: Stage.CONSULTING,
    State.SWAPPED: Stage.SWAPPED,
    State.CONFERENCE: Stage.CONFERENCE,
    State.FORWARDING: Stage.FORWARDING,
    State.PUT_THROUGH: Stage.PUT_THROUGH,
    State.WAITING: Stage.IN_LINE,
    State.RINGING: Stage.BACK,
    State.TALKING: Stage.BACK,
}
"""Any other: it is over."""


def transfer_of(call: Call) -> DeskTransfer | None:
    """None = nobody was dialled in this call."""
    if not call.attempts:
        return None
    last, walk = call.attempts[-1], call.walk
    is_there = call.target is not None
    return DeskTransfer(
        stage=_STAGES.get(call.state, Stage.OVER),
        contact=last.contact,
        mobile=is_mobile(last.number),
        place=walk.order.places[walk.at] if walk else 1,
        places=walk.order.places if walk else (),
        since=_since(last),
        rings=is_there and last.ringing_at is not None and last.answered_at is None,
        asked=bool(is_there and walk and walk.asked and not last.joined_at and call.state in _DIALLED),
        can=possible(call),
        tried=tuple(_tried(one) for one in (call.attempts[:-1] if is_there else call.attempts)),
    )


_DIALLED = (State.DIALLING, State.FORWARDING)


def _since(last: Attempt) -> datetime:
    return last.ended_at or last.joined_at or last.answered_at or last.ringing_at or last.dialled_at


def _tried(one: Attempt) -> Tried:
    return Tried(one.contact, is_mobile(one.number), one.result, round(one.talked_ms / 1000))
