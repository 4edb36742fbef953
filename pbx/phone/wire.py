"""The UDP socket of a phone: datagrams to messages, messages to transactions.

Rule: what cannot be parsed is logged and dropped; whatever belongs to no transaction goes to the phone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import Request, Response
from sipmessage.message import Message

from pbx.phone.dialog import Dialog
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.messages import OK, REFUSED, Peer, branch_of
from pbx.phone.transaction import PATIENCE, ClientTransaction, Key, ServerTransaction

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Loss:
    """For tests of retransmission: how many of the next datagrams get lost on the way out and in."""

    sent: int = 0
    received: int = 0


class Wire(asyncio.DatagramProtocol):
    """One UDP socket. `requested` gets new requests, `acknowledged` the ACKs to a 2xx."""

    def __init__(
        self, t1: float, loss: Loss,
        requested: Callable[[ServerTransaction], None], acknowledged: Callable[[Request], None],
    ) -> None:  # fmt: skip
        self.t1 = t1
        self.here: Peer = ("", 0)
        self._loss = loss
        self._requested, self._acknowledged = requested, acknowledged
        self._clients: dict[Key, ClientTransaction] = {}
        self._servers: dict[Key, ServerTransaction] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    async def open(self, host: str, port: int) -> None:
        """Bind. Raises PhoneError if the port is taken or the address is not ours."""
        loop = asyncio.get_running_loop()
        try:
            self._transport, _ = await loop.create_datagram_endpoint(lambda: self, (host, port))
        except OSError as error:
            raise PhoneError(f"cannot open a phone at {host}:{port}: {error.strerror}; choose another port") from error
        self.here = self._transport.get_extra_info("sockname")[:2]
        self._sweep()

    def close(self) -> None:
        """Stop all repetitions and close the socket."""
        for client in self._clients.values():
            client.stop()
        for server in self._servers.values():
            server.stop()
        if self._sweeper:
            self._sweeper.cancel()
        if self._transport:
            self._transport.close()

    def _sweep(self) -> None:
        """Forget transactions that ended more than 64 T1 ago: nothing of them is repeated any more."""
        loop = asyncio.get_running_loop()
        old = loop.time() - PATIENCE * self.t1
        self._clients = {k: t for k, t in self._clients.items() if t.done_at is None or t.done_at > old}
        self._servers = {k: t for k, t in self._servers.items() if t.done_at is None or t.done_at > old}
        self._sweeper = loop.call_later(PATIENCE * self.t1, self._sweep)

    def send(self, message: Request | Response, peer: Peer) -> None:
        """Send one datagram, unless it is to get lost."""
        if self._loss.sent > 0:
            self._loss.sent -= 1
        elif self._transport and not self._transport.is_closing():
            self._transport.sendto(bytes(message), peer)

    def start(
        self, request: Request, peer: Peer, answered: Callable[[Response], None], silent: Callable[[], None]
    ) -> ClientTransaction:
        """Send a request until it is answered."""
        transaction = ClientTransaction(self, request, peer, answered, silent)
        self._clients[transaction.key] = transaction
        return transaction

    async def ask(self, request: Request, peer: Peer) -> Response:
        """Send a request (not INVITE) and wait for its final response. Raises NotInTime after 64 T1."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Response] = loop.create_future()
        sent = self.start(
            request, peer,
            lambda response: None if answer.done() else answer.set_result(response),
            lambda: None if answer.done() else answer.set_exception(
                NotInTime(f"{peer[0]}:{peer[1]} does not answer {request.method} in {PATIENCE * self.t1:g} s")
            ),
        )  # fmt: skip
        try:
            return await answer
        finally:
            sent.stop()
            self._clients.pop(sent.key, None)

    async def invite(self, request: Request, dialog: Dialog) -> Response:
        """Send an INVITE within a dialog, acknowledge every 2xx (also a repeated one), and return the final response.

        Raises NotInTime after 64 T1.
        """
        peer, final = dialog.next_hop, asyncio.get_running_loop().create_future()
        ack = dialog.request("ACK", number=request.cseq.sequence)

        def answered(response: Response) -> None:
            if OK <= response.code < REFUSED:
                self.send(ack, peer)
            if response.code >= OK and not final.done():
                final.set_result(response)

        self.start(request, peer, answered, lambda: None if final.done() else final.set_result(None))
        response: Response | None = await final
        if response is None:
            raise NotInTime(f"{peer[0]}:{peer[1]} does not answer INVITE in {PATIENCE * self.t1:g} s")
        return response

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        """Called by asyncio."""
        if self._loss.received > 0:
            self._loss.received -= 1
            return
        if not data.strip():
            return  # a keep-alive (RFC 5626 § 3.5.1)
        try:
            self._sort(Message.parse(data), (addr[0], addr[1]))
        except (ValueError, KeyError) as problem:
            _LOG.warning("unreadable datagram from %s:%s dropped: %s", addr[0], addr[1], problem)

    def _sort(self, message: Request | Response, peer: Peer) -> None:
        if isinstance(message, Response):
            client = self._clients.get((branch_of(message), message.cseq.method))
            if client:
                client.receive(message)
        elif message.method == "ACK":
            self._acknowledge(message)
        elif known := self._servers.get((branch_of(message), message.method)):
            known.again()
        else:
            transaction = ServerTransaction(self, message, peer)
            self._servers[transaction.key] = transaction
            self._requested(transaction)

    def _acknowledge(self, ack: Request) -> None:
        """An ACK to a refusal has the INVITE's branch and ends there; one to a 2xx belongs to the call."""
        refused = self._servers.get((branch_of(ack), "INVITE"))
        if refused:
            refused.stop()
        else:
            self._acknowledged(ack)

    def invite_of(self, cancel: Request) -> ServerTransaction | None:
        """The INVITE that a CANCEL means (RFC 3261 § 9.2)."""
        return self._servers.get((branch_of(cancel), "INVITE"))
