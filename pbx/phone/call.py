"""What both directions of a call have in common: its sound, its facts, and how it ends.

Rule: state changes as messages come in; those who wait are woken through one Watch.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from urllib.parse import quote

from sipmessage import Request

from pbx.phone import sdp
from pbx.phone.dialog import Dialog
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Ended, Fact, Seen, told
from pbx.phone.g711 import Law
from pbx.phone.heard import Heard
from pbx.phone.messages import REFUSED, Peer
from pbx.phone.rtp import Sound
from pbx.phone.transaction import ServerTransaction
from pbx.phone.watch import Watch
from pbx.phone.wire import Wire


class Call(ABC):
    """One call, from either side."""

    def __init__(self, wire: Wire, dialog: Dialog, hz: int | None) -> None:
        self._wire = wire
        self._dialog = dialog
        self._watch = Watch()
        self._sound = Sound(wire.here[0], hz, self._arrived)
        self._law: Law | None = None
        self._described = 0
        self._unacknowledged: dict[int, ServerTransaction] = {}
        self._asking: set[asyncio.Task[object]] = set()
        self.started = monotonic()
        """When the INVITE was sent or received, by the monotonic clock."""
        self.connected = False
        """Whether the call was answered and has not ended."""
        self.ended: Ended | None = None
        self.responses: list[Seen] = []
        """Responses to our INVITE, in order, without repetitions; empty for incoming calls."""
        self.facts: list[Fact] = []

    @property
    def heard(self) -> Heard:
        """What was heard so far."""
        return self._sound.heard

    @property
    def key(self) -> tuple[str, str | None]:
        """Call-ID and our tag: which call a request from the other side means."""
        return self._dialog.call_id, self._dialog.local.parameters.get("tag")

    async def hears(self, *, min_dbfs: float = -40.0, max_dbfs: float = 0.0, within: float = 2.0) -> float:
        """Wait for 100 ms of sound, begun after now, with a level between the two.

        Returns the monotonic time. Silence is `min_dbfs=-math.inf, max_dbfs=-60`.
        Raises NotInTime, with the levels that were heard, also when the call ends before.
        """
        start = self.heard.next_window()

        def heard() -> bool:
            return self.heard.window_within(start, min_dbfs, max_dbfs)

        await self._watch.until(lambda: heard() or self.ended is not None, within)
        if heard():
            return monotonic()
        levels = [f"{w:.0f}" if w is not None else "nothing" for w in self.heard.windows[start:]]
        raise NotInTime(
            f"no sound of {min_dbfs:g} … {max_dbfs:g} dBFS within {within:g} s; "
            f"per 100 ms: {', '.join(levels) or 'nothing'}; {self.history()}"
        )

    async def happens(self, what: str, within: float) -> Fact:
        """Wait for the first fact of this name. Raises NotInTime, with the facts there are."""

        def first() -> Fact | None:
            return next((fact for fact in self.facts if fact.what == what), None)

        await self._watch.until(lambda: first() is not None or self.ended is not None, within)
        if fact := first():
            return fact
        raise NotInTime(f"no '{what}' within {within:g} s; seen: {', '.join(fact.what for fact in self.facts)}")

    async def follow(self) -> AsyncIterator[Fact]:
        """Every fact as it comes, until the call is over. The owner of the call sees to it that it ends."""
        told = 0
        while self.ended is None or told < len(self.facts):
            await self._watch.until(partial(self._more_than, told), None)
            for fact in self.facts[told:]:
                told += 1
                yield fact

    def _more_than(self, told: int) -> bool:
        return len(self.facts) > told or self.ended is not None

    async def over(self, within: float) -> Ended:
        """Wait for the end of the call. Raises NotInTime if it goes on."""
        await self._watch.until(lambda: self.ended is not None, within)
        if self.ended is None:
            raise NotInTime(f"the call is not over within {within:g} s; {self.history()}")
        return self.ended

    async def hang_up(self) -> None:
        """Put the receiver down: BYE, or what ends an unanswered call; nothing if the call is over.

        Raises NotInTime if the other side does not confirm.
        """
        if self.connected:
            await self._bye()
        elif self.ended is None:
            await self._give_up()

    async def offer(self, way: str = "sendrecv") -> int:
        """Offer the session anew (re-INVITE): `sendonly` or `inactive` holds the call, `sendrecv` takes it back.

        Returns the final response's code. Raises PhoneError if the call is not answered, NotInTime without response.
        """
        if not self.connected:
            raise PhoneError(f"nothing to offer; {self.history()}")
        request = self._dialog.request("INVITE", self._description(way))
        response = await self._wire.invite(request, self._dialog)
        self.note(f"{way} offered", str(response.code))
        if response.code < REFUSED:
            self._agree(response.body)
        return response.code

    def press(self, key: str) -> None:
        """Dial a key within the call: `0`-`9`, `*`, `#`, `A`-`D`. Raises ValueError for another one."""
        self._sound.press(key)

    @property
    def replaces(self) -> str:
        """This call, as its other side is asked to join another party with it: part of a Refer-To (RFC 3891)."""
        far, near = self._dialog.remote.parameters.get("tag"), self._dialog.local.parameters.get("tag")
        return f"Replaces={quote(f'{self._dialog.call_id};to-tag={far};from-tag={near}', safe='')}"

    async def refer(self, to: str, **headers: str) -> int:
        """Ask the other side to put its party through (REFER, RFC 3515) to this URI; the response's code.

        What becomes of it comes as facts `NOTIFY`, with the status line. `headers`: further ones, with `_` for `-`.
        Raises PhoneError if nobody talks.
        """
        if not self.connected:
            raise PhoneError(f"nobody to put through; {self.history()}")
        request = self._dialog.request("REFER")
        request.headers.set("Refer-To", f"<{to}>")
        for name, value in headers.items():
            request.headers.set(name.replace("_", "-"), value)
        response = await self._wire.ask(request, self._dialog.next_hop)
        return response.code

    @abstractmethod
    async def _give_up(self) -> None:
        """End a call that nobody has answered."""

    async def _bye(self) -> None:
        request = self._dialog.request("BYE")
        self._end(Ended("us"), "BYE sent")
        await self._wire.ask(request, self._dialog.next_hop)

    def requested(self, transaction: ServerTransaction) -> None:
        """A request of the other side within this call."""
        request = transaction.request
        if request.method == "BYE":
            transaction.respond(200)
            self._end(Ended("them", reason=request.headers.get("Reason")), "BYE received")
        elif request.method in ("INVITE", "UPDATE"):
            self._renegotiated(transaction)
        else:
            if request.method == "NOTIFY":
                self.note("NOTIFY", request.body.decode(errors="replace").partition("\r\n")[0])
            transaction.respond(200)

    def acknowledged(self, ack: Request) -> None:
        """The ACK to our 2xx; it carries the answer if the offer was ours."""
        answered = self._unacknowledged.pop(ack.cseq.sequence, None)
        if answered:
            answered.stop()
        if ack.body:
            self._agree(ack.body)

    def _renegotiated(self, transaction: ServerTransaction) -> None:
        """A re-INVITE or UPDATE: hold, a new address, or only a refreshed session (RFC 4028)."""
        request = transaction.request
        if request.contact:
            self._dialog.target = request.contact[0].uri
        if request.body and not self._agree(request.body):
            transaction.respond(488)
            return
        wanted = request.method == "INVITE" or request.body
        self.note(f"{request.method} received", "within the call")
        if request.method == "INVITE":
            self._unacknowledged[request.cseq.sequence] = transaction
        transaction.respond(200, body=self._description() if wanted else b"", headers={"Contact": self._dialog.contact})

    def _agree(self, description: bytes) -> bool:
        """Take the other side's description; False if there is nothing in it that we can speak."""
        try:
            remote = sdp.read(description)
        except sdp.NoAudio as problem:
            self.note("no audio", str(problem))
            return False
        self._law = remote.law
        self._sound.connect(remote)
        return True

    def _description(self, way: str = "sendrecv") -> bytes:
        self._described += 1
        return sdp.describe(self._wire.here[0], self._sound.port, self._described, self._law, way)

    def _arrived(self) -> None:
        if self.heard.packets == 1:
            self.note("first RTP")
        self._watch.changed()

    def _end(self, ended: Ended, what: str) -> None:
        if self.ended is None:
            self.ended = ended
            self.connected = False
            self._sound.close()
            for transaction in self._unacknowledged.values():
                transaction.stop()
            self.note(what, ended.reason or "")

    def note(self, what: str, detail: str = "") -> None:
        """Add a fact, now."""
        self.facts.append(Fact(datetime.now(UTC), monotonic(), what, detail))
        self._watch.changed()

    def _background(self, request: Request, peer: Peer) -> None:
        """Send a request whose answer nobody waits for; a lack of it is written down."""
        task: asyncio.Task[object] = asyncio.create_task(self._answered(request, peer))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _answered(self, request: Request, peer: Peer) -> None:
        try:
            await self._wire.ask(request, peer)
        except PhoneError as problem:
            self.note("no answer", str(problem))

    def history(self) -> str:
        """The responses and the end so far, in one line for a message."""
        end = f"; ended by {self.ended.by}" if self.ended else ""
        return f"responses: {told(self.responses, self.started)}{end}"

    async def settle(self) -> None:
        """Hang up, and wait until nothing that was sent is without its answer. Raises as `hang_up`."""
        await self.hang_up()
        await asyncio.gather(*self._asking)

    def drop(self) -> None:
        """Forget the call without a word to the other side."""
        for task in self._asking:
            task.cancel()
        self._end(Ended("us"), "dropped")
