"""Faxes out: by which carrier, within which limits, and what it means that one did not arrive.

Rules of this file: a fax is no call of a customer's: it uses up none of what callers may be put through for, but a
trunk has room for it or has not. The next carrier is tried only where the one before has failed, not the recipient. Who
has answered and is no fax machine is not rung again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from engine.message.states import Trouble
from engine.ports.fax import FaxAway, FaxCall, FaxId, FaxSwitch, Received, Transmitted, Unanswered
from engine.ports.outbox import NotHanded
from engine.service.outbound import Outbound
from engine.terms import E164, HangupCause, LegId
from engine.transfer import ways
from engine.transfer.limits import Refused
from engine.transfer.plan import Result, Route, result_of

RING_TIME = 60
"""Seconds: a fax machine that shares its line with a telephone may let it ring for long."""
LONGEST = 600
"""Seconds from the answer to the last page: a page takes 20 to 60 s."""
_NO_SUCH_NUMBER = frozenset({404, 410, 484, 604})
"""What the network says of a number that is nobody's (RFC 3261)."""
_OURS = frozenset({"FILE_ERROR", "INIT_ERROR", "INVALID_ARGUMENTS", "MEMORY_ERROR"})
"""What the switch says where the fault is here (Asterisk, res_fax)."""
_TROUBLES = {
    Result.BUSY: Trouble.BUSY,
    Result.NO_ANSWER: Trouble.NO_ANSWER,
    Result.REJECTED: Trouble.REFUSED,
}


class Faxes:
    """Fills FaxLine."""

    def __init__(
        self,
        switch: FaxSwitch,
        outbound: Outbound,
        is_ours: Callable[[E164], Awaitable[bool]],
        shown: E164,
        name: str,
        country: str = "49",
    ) -> None:
        """`is_ours(number)`: whether a fax to it would ring here; `shown`: a number of ours; `name`: stands beside it.

        `country`: the installation's code without plus.
        """
        self._switch, self._outbound, self._is_ours = switch, outbound, is_ours
        self._shown, self._name, self._country = shown, name, country

    async def send(self, fax: FaxId, number: E164, pages: bytes) -> Received:
        """See FaxLine."""
        own = [number] if await self._is_ours(number) else []
        if refused := self._outbound.refuses_number(number, own):
            raise NotHanded(Trouble.ADDRESS, f"this number may not be dialled: {refused.value}", final=True)
        try:
            return await self._sent(fax, number, pages)
        except FaxAway as problem:
            raise NotHanded(Trouble.OURS, f"the switch cannot be reached: {problem}", is_try=False) from problem
        except NotHanded as problem:
            if problem.is_try:  # the next one has a name of its own
                await self._switch.forget(fax)
            raise

    async def forget(self, fax: FaxId) -> None:
        """See FaxLine."""
        await self._switch.forget(fax)

    async def _sent(self, fax: FaxId, number: E164, pages: bytes) -> Received:
        """As another engine has sent it, or else by us."""
        is_over = await self._switch.follow(fax)
        sent = await self._switch.result(fax)
        if sent is None and is_over:
            raise NotHanded(Trouble.UNREACHABLE, "the call is over, and nothing is known of it")
        return _judged(sent or await self._dial(fax, number, pages))

    async def _dial(self, fax: FaxId, number: E164, pages: bytes) -> Transmitted:
        """By one carrier after the other. Raises NotHanded if nobody has answered."""
        last = NotHanded(Trouble.OURS, "no trunk dials out here", is_try=False)
        for trunk, way in self._outbound.ways():
            leg = LegId(fax)
            if refused := self._outbound.faxes(leg, trunk):
                last = _refused(trunk, refused)
                continue
            try:
                how = await self._switch.send(self._call(fax, number, trunk, way), pages)
            finally:
                self._outbound.ended(leg)
            if sent := await self._switch.result(fax):
                return sent
            result = result_of(how.cause, how.response, rang=how.rang)
            if result is not Result.CARRIER_FAILED:
                raise _unanswered(result, how)
            last = NotHanded(Trouble.UNREACHABLE, f"{trunk}: {_told(how)}")
        raise last

    def _call(self, fax: FaxId, number: E164, trunk: str, way: ways.Outbound) -> FaxCall:
        headers = ways.headers(way, self._shown, self._shown, None, self._country)
        route = Route(trunk, ways.written(number, way.writing, self._country), self._shown, None, headers)
        return FaxCall(fax, route, way.uri, self._name, self._shown, RING_TIME, LONGEST)


def _judged(sent: Transmitted) -> Received:
    if sent.is_whole:
        return Received(sent.pages, sent.station, sent.t38)
    detail = f"{sent.pages} pages confirmed; {sent.error or 'the other side has hung up'}"
    if sent.error in _OURS:
        raise NotHanded(Trouble.OURS, detail)
    if not sent.spoke:
        raise NotHanded(Trouble.REFUSED, f"no fax machine has answered; {detail}")
    raise NotHanded(Trouble.UNREACHABLE, detail)


def _refused(trunk: str, refused: Refused) -> NotHanded:
    """A full trunk is free in a minute; nothing was tried."""
    return NotHanded(Trouble.UNREACHABLE, f"{trunk}: {refused.value}", is_try=False)


def _unanswered(result: Result, how: Unanswered) -> NotHanded:
    is_nobodys = how.response in _NO_SUCH_NUMBER or how.cause is HangupCause.UNALLOCATED
    trouble = Trouble.ADDRESS if is_nobodys else _TROUBLES.get(result, Trouble.UNREACHABLE)
    return NotHanded(trouble, _told(how))


def _told(how: Unanswered) -> str:
    return f"SIP {how.response}" if how.response else f"cause {how.cause.value} ({how.cause.name.lower()})"
