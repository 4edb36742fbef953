"""Orders and wishes of who puts a caller through, judged by the table of the call machine.

Rule of this file: what the table has no row for is refused here, for to the machine it would be a bug. An order is
judged by what is so at this moment and carried out in it; nothing can happen between the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.call import events as e
from engine.call.machine import TABLE
from engine.call.state import Call, State
from engine.ports.putting_through import NoSuchPlace, NotNow, Wish
from engine.service.exchange import Exchange
from engine.service.transfers import NotPutThrough
from engine.terms import CallId
from engine.transfer.limits import Refused
from engine.transfer.plan import Order

_Plain = e.TakenBack | e.Skipped | e.Swapped | e.Conferred | e.HandedOver
_PLAIN: dict[Wish, type[_Plain]] = {
    Wish.TAKE_BACK: e.TakenBack,
    Wish.SKIP: e.Skipped,
    Wish.SWAP: e.Swapped,
    Wish.CONFERENCE: e.Conferred,
    Wish.HAND_OVER: e.HandedOver,
}
_KINDS: dict[Wish, type[_Plain | e.Picked]] = {**_PLAIN, Wish.PICK: e.Picked}


def possible(call: Call) -> frozenset[Wish]:
    """What can be wished for in this call's present state."""
    return frozenset(wish for wish, kind in _KINDS.items() if (call.state, kind) in TABLE)


class PuttingThrough:
    """Works on one exchange. Every method raises NotNow."""

    def __init__(self, exchange: Exchange) -> None:
        """Nothing is ordered."""
        self._exchange = exchange

    def ready(self, call: CallId) -> Call:
        """The call, if its caller could be put through now: he talks to an agent and has heard the answer.

        Raises NotPutThrough too, where the law keeps it off (L3).
        """
        self._check_law(call)
        found = self._at(call, e.TransferOrdered)
        if found.answered_at is None:
            raise NotNow
        return found

    @contextmanager
    def noting(self, call: CallId, by: str) -> Iterator[None]:
        """What is refused meanwhile is a line in the call's trail, as long as there is the call. `by`: who wants it."""
        try:
            yield
        except NotPutThrough as refused:
            self.refused(call, by, refused.why)
            raise

    def refused(self, call: CallId, by: str, why: Refused) -> None:
        """The same where it was refused already."""
        if call in self._exchange.calls:
            self._exchange.tell(call, e.Remarked("put_through_refused", f"{by}: {why.value}"))

    def order(self, call: CallId, order: Order) -> None:
        """Put the caller through. Raises NotPutThrough as `ready` does."""
        self.ready(call)
        self._exchange.tell(call, e.TransferOrdered(order))

    def wish(self, call: CallId, wish: Wish, place: int = 1) -> None:
        """Change its course; `place`: of `Wish.PICK`, among the contact's numbers, from 1.

        Raises NotPutThrough as `ready` does, and NoSuchPlace.
        """
        self._check_law(call)
        found = self._at(call, _KINDS[wish])
        if wish is not Wish.PICK:
            return self._exchange.tell(call, _PLAIN[wish]())
        if found.walk is None:
            raise NotNow
        places = found.walk.order.places
        if place not in places:
            raise NoSuchPlace(places)
        self._exchange.tell(call, e.Picked(places.index(place)))

    def _check_law(self, call: CallId) -> None:
        found = self._exchange.calls.get(call)
        if found and found.state is State.TALKING and not found.settings.may_hold:
            raise NotPutThrough(Refused.BY_LAW)

    def _at(self, call: CallId, kind: type[e.Event]) -> Call:
        found = self._exchange.calls.get(call)
        if found is None or (found.state, kind) not in TABLE or not self._exchange.floor.is_open:
            raise NotNow
        return found
