"""The telephone: dial, be rung, register.

Rule: one socket, any number of calls; leaving `async with` ends them and takes the registration back.
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from sipmessage import URI, Address, Request

from pbx.phone.call import Call
from pbx.phone.dialog import Dialog
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.incoming import IncomingCall
from pbx.phone.messages import Peer, tag_of, tagged, token
from pbx.phone.outgoing import OutgoingCall
from pbx.phone.registration import Registration
from pbx.phone.transaction import ServerTransaction
from pbx.phone.watch import Watch
from pbx.phone.wire import Loss, Wire

ANONYMOUS = Address(URI("sip", "anonymous.invalid", "anonymous"), "Anonymous")
"""RFC 3323 § 4.1.1.3."""
_PARTING = 2.0
"""Seconds that closing may take for BYE and for the registration, each."""


class Phone:
    """A SIP telephone on UDP. `port` 0 takes a free one.

    `hz`: the tone that it sends during calls (a whole number; None = silence). `t1`: timer T1 of RFC 3261 in
    seconds. `loss`: datagrams that get lost, for tests. Raises PhoneError on entering if the port is taken.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, user: str = "phone", password: str | None = None,
        display: str = "", hz: int | None = None, t1: float = 0.5, loss: Loss | None = None,
    ) -> None:  # fmt: skip
        self._host, self._port = host, port
        self.user, self._password, self.display = user, password, display
        self._hz = hz
        self._wire = Wire(t1, loss or Loss(), self._requested, self._acknowledged)
        self._calls: dict[tuple[str, str | None], Call] = {}
        self._rings: list[IncomingCall] = []
        self._watch = Watch()
        self._registration: Registration | None = None

    async def __aenter__(self) -> Self:
        await self._wire.open(self._host, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def address(self) -> Peer:
        """Where the phone listens."""
        return self._wire.here

    @property
    def waiting(self) -> tuple[IncomingCall, ...]:
        """Calls that have come in and that nobody has taken with `rings` yet, also if given up meanwhile."""
        return tuple(self._rings)

    async def register(self, server: Peer, expires: int = 300, within: float = 5.0) -> None:
        """Register as `user` at `server` and stay so. Raises PhoneError if refused or not answered."""
        if self._password is None:
            raise PhoneError(f"{self.user} needs a password to register")
        domain = URI("sip", server[0], port=server[1])
        mine = Address(URI("sip", server[0], self.user, port=server[1]))
        dialog = self._dialog(tagged(mine, token()), mine, domain, server)
        self._registration = Registration(self._wire, dialog, self.user, self._password)
        await self._registration.start(expires, within)

    async def dial(
        self, number: str, server: Peer, *, caller: str | None = "", display: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> OutgoingCall:  # fmt: skip
        """Place a call to `number` at `server`; returns once the INVITE is sent.

        `caller`: the number shown (by default the phone's user; None = anonymous). `headers`: for the INVITE.
        """
        target = URI("sip", server[0], number, port=server[1])
        local = ANONYMOUS
        if caller is not None:
            name = self.display if display is None else display
            local = Address(URI("sip", self._host, caller or self.user), name)
        dialog = self._dialog(tagged(local, token()), Address(target), target, server)
        credentials = (self.user, self._password) if self._password is not None else None
        call = OutgoingCall(self._wire, dialog, self._hz, credentials, headers or {})
        self._keep(call)
        return call

    async def rings(self, within: float | None) -> IncomingCall:
        """The next call that comes in. Raises NotInTime if none does within so many seconds; None: no limit."""
        if not await self._watch.until(lambda: bool(self._rings), within):
            raise NotInTime(f"{self.user}'s phone does not ring within {within} s")
        return self._rings.pop(0)

    async def close(self) -> None:
        """End all calls, take the registration back, close the socket. Bounded in time, raises nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PARTING):
                await asyncio.gather(*(c.settle() for c in self._calls.values()), return_exceptions=True)
        if self._registration:
            with contextlib.suppress(PhoneError):
                await self._registration.stop(_PARTING)
            self._registration = None
        for call in self._calls.values():
            call.drop()
        self._wire.close()

    def _dialog(self, local: Address, remote: Address, target: URI, peer: Peer) -> Dialog:
        return Dialog(self._wire.here, local, remote, target, peer, self._contact)

    @property
    def _contact(self) -> str:
        host, port = self._wire.here
        return str(Address(URI("sip", host, self.user, port=port)))

    def _keep(self, call: Call) -> None:
        self._calls = {key: kept for key, kept in self._calls.items() if kept.ended is None}
        self._calls[call.key] = call

    def _requested(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        tag = tag_of(request.headers["To"])
        call = self._calls.get((request.call_id, tag))
        if request.method == "CANCEL":
            self._cancelled(transaction)
        elif call and (call.ended is None or request.method == "BYE"):
            call.requested(transaction)
        elif tag:
            transaction.respond(481)
        elif request.method == "INVITE":
            self._invited(transaction)
        else:
            transaction.respond(200 if request.method in ("OPTIONS", "NOTIFY", "INFO") else 405, token())

    def _invited(self, transaction: ServerTransaction) -> None:
        local = tagged(Address.parse(transaction.request.headers["To"]), token())
        dialog = Dialog.called(self._wire.here, transaction.request, transaction.peer, self._contact, local)
        ring = IncomingCall(self._wire, dialog, self._hz, transaction)
        self._keep(ring)
        self._rings.append(ring)
        self._watch.changed()

    def _cancelled(self, transaction: ServerTransaction) -> None:
        invite = self._wire.invite_of(transaction.request)
        call = next((c for c in self._calls.values() if isinstance(c, IncomingCall) and c.is_of(invite)), None)
        transaction.respond(200 if call else 481, token())
        if call:
            call.cancelled(transaction.request)

    def _acknowledged(self, ack: Request) -> None:
        call = self._calls.get((ack.call_id, tag_of(ack.headers["To"])))
        if call:
            call.acknowledged(ack)
