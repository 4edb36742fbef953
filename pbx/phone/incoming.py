"""A call that reaches this phone: INVITE server (RFC 3261 § 13.3, 17.2.1).

Rule: 100 goes out at once, everything else only when the owner of the phone says so.
"""

from __future__ import annotations

from sipmessage import Address, Request

from pbx.phone.call import Call
from pbx.phone.dialog import Dialog
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Ended
from pbx.phone.messages import ALLOW, REFUSED
from pbx.phone.transaction import ServerTransaction
from pbx.phone.wire import Wire


class IncomingCall(Call):
    """A call from somebody. Obtained from `Phone.rings`."""

    def __init__(self, wire: Wire, dialog: Dialog, hz: int | None, invite: ServerTransaction) -> None:
        super().__init__(wire, dialog, hz)
        self._invite = invite
        self._tag = dialog.local.parameters["tag"]
        self._acked = False
        self._unacknowledged[invite.request.cseq.sequence] = invite
        self.note("INVITE received", f"{self.display} <{self.number}>".lstrip())
        invite.respond(100)

    @property
    def display(self) -> str:
        """The display name of From: what the phone shows in the first line."""
        return self._from.name

    @property
    def number(self) -> str:
        """The user of From, as received (`anonymous` for a caller who hides)."""
        return self._from.uri.user or ""

    @property
    def dialled(self) -> str:
        """The user of the request URI."""
        return self._invite.request.uri.user or ""

    def header(self, name: str) -> str | None:
        """The first header of this name in the INVITE, as received."""
        return self._invite.request.headers.get(name)

    @property
    def invitation(self) -> str:
        """The whole INVITE."""
        return str(self._invite.request)

    def is_of(self, invite: ServerTransaction | None) -> bool:
        """Whether this call came with that INVITE."""
        return self._invite is invite

    @property
    def _from(self) -> Address:
        return Address.parse(self._invite.request.headers["From"])

    async def alert(self) -> None:
        """Ring: 180. Raises PhoneError if the call is no longer waiting."""
        self._must_wait("ring")
        self._respond(180)

    async def progress(self) -> None:
        """Early media: 183 with SDP. Raises PhoneError if the call is no longer waiting."""
        self._must_wait("send early media")
        self._respond(183, self._answer_sdp())

    async def answer(self, within: float = 5.0) -> None:
        """Pick up: 200, and wait for the ACK.

        Raises PhoneError if the caller has given up, NotInTime if there is no ACK.
        """
        self._must_wait("pick up")
        body = self._answer_sdp()
        self.connected = True
        self._respond(200, body)
        await self._watch.until(lambda: self._acked or self.ended is not None, within)
        if not self._acked:
            raise NotInTime(f"no ACK to our 200 within {within:g} s; {self.history()}")

    async def reject(self, code: int = 486) -> None:
        """Refuse with this code (300 … 699). Raises PhoneError if the call is no longer waiting."""
        self._must_wait("refuse")
        self._end(Ended("us", code), f"refused {code}")
        self._respond(code)

    async def _give_up(self) -> None:
        await self.reject(480)

    def cancelled(self, cancel: Request) -> None:
        """The caller has given up; too late if we have answered (RFC 3261 § 9.2)."""
        if self._waiting:
            self._end(Ended("them", 487, cancel.headers.get("Reason")), "CANCEL received")
            self._respond(487)

    def acknowledged(self, ack: Request) -> None:
        """The ACK to our 200."""
        super().acknowledged(ack)
        if not self._acked:
            self._acked = True
            self.note("ACK")

    @property
    def _waiting(self) -> bool:
        return not self.connected and self.ended is None

    def _must_wait(self, deed: str) -> None:
        if not self._waiting:
            raise PhoneError(f"cannot {deed}: the call is {'answered' if self.connected else f'over ({self.ended})'}")

    def _answer_sdp(self) -> bytes:
        """Our answer to their offer, or an offer if the INVITE brought none."""
        offer = self._invite.request.body
        if offer and not self._agree(offer):
            self._end(Ended("us", 488), "refused 488")
            self._respond(488)
            raise PhoneError("the caller offers no sound that this phone knows (PCMA, PCMU): 488 sent")
        return self._description()

    def _respond(self, code: int, body: bytes = b"") -> None:
        headers = {"Contact": self._dialog.contact, "Allow": ALLOW}
        self._invite.respond(code, self._tag, body, headers, unheard=self._nobody)
        if code < REFUSED:
            self.note(f"{code} sent", "SDP" if body else "")

    def _nobody(self) -> None:
        """Our final response was never acknowledged (RFC 3261 § 13.3.1.4: a 200 is then followed by BYE)."""
        if self.connected:
            self._background(self._dialog.request("BYE"), self._dialog.next_hop)
            self._end(Ended("timeout"), "no ACK")
