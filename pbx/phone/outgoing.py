"""A call that this phone places: INVITE client (RFC 3261 § 13.2, 17.1.1), with PRACK (RFC 3262) and digest.

Rule: every 2xx is acknowledged, also a late one after CANCEL, which then gets a BYE.
"""

from __future__ import annotations

from time import monotonic

from sipmessage import CSeq, Request, Response

from pbx.phone.call import Call
from pbx.phone.dialog import Dialog
from pbx.phone.digest import CHALLENGES, authorise
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Ended, Seen
from pbx.phone.messages import OK, REFUSED, TRYING, finish, within_transaction
from pbx.phone.wire import Wire

Credentials = tuple[str, str]
"""User and password."""


class OutgoingCall(Call):
    """A call to somebody. Placed by `Phone.dial`."""

    def __init__(
        self, wire: Wire, dialog: Dialog, hz: int | None,
        credentials: Credentials | None, headers: dict[str, str],
    ) -> None:  # fmt: skip
        super().__init__(wire, dialog, hz)
        self._credentials, self._headers = credentials, headers
        self._cancelled = self._cancel_sent = False
        self._proceeding = False
        self._final: int | None = None
        self._reliable = 0
        self._ack: Request | None = None
        self._offer = self._description()
        self._invite = self._send_invite(None)
        self.note("INVITE sent", f"{dialog.target}")

    @property
    def codes(self) -> list[int]:
        """The codes of the responses, in order."""
        return [seen.code for seen in self.responses]

    async def until(self, code: int, within: float) -> Seen:
        """Wait for this response. Raises NotInTime when it is late or the call ended without it."""
        await self._watch.until(lambda: code in self.codes or self._final is not None or self.ended is not None, within)
        for seen in self.responses:
            if seen.code == code:
                return seen
        raise NotInTime(f"no {code} within {within:g} s; {self.history()}")

    async def cancel(self, within: float = 5.0) -> Ended:
        """Give up before the answer and wait for the end.

        Raises PhoneError if there is nothing to give up, NotInTime if the other side does not end the call.
        """
        if self.connected or self.ended:
            raise PhoneError(f"nothing to cancel; {self.history()}")
        self._cancelled = True
        # Before any provisional response a CANCEL must wait (RFC 3261 § 9.1).
        if self._proceeding:
            self._send_cancel()
        return await self.over(within)

    async def _give_up(self) -> None:
        await self.cancel()

    def _send_invite(self, challenge: Response | None) -> Request:
        request = self._dialog.request("INVITE")
        for name, value in self._headers.items():
            request.headers.set(name, value)
        request.headers.set("Supported", "100rel, timer")
        if challenge and self._credentials:
            authorise(request, challenge, *self._credentials)
        finish(request, self._offer)
        self._proceeding = False
        self._wire.start(request, self._dialog.peer, self._answered_by, self._nobody)
        return request

    def _answered_by(self, response: Response) -> None:
        code = response.code
        if code < OK:
            self._provisional(response)
        elif code < REFUSED:
            self._accepted(response)
        elif code in CHALLENGES and self._credentials and code not in self.codes and not self._cancelled:
            self._seen(response)
            self._invite = self._send_invite(response)
        else:
            self._final = code
            self._seen(response)
            reason = response.headers.get("Reason")
            self._end(Ended("us" if self._cancelled else "them", code, reason), "ended")

    def _provisional(self, response: Response) -> None:
        number = int(response.headers.get("RSeq") or 0)
        if number and number <= self._reliable:
            return  # a repetition; its PRACK is on the way
        if self._final is not None:
            return  # overtaken by the final response
        self._proceeding = True
        if response.code > TRYING:
            self._dialog.learn(response)
        self._seen(response)
        if number and "100rel" in (response.headers.get("Require") or ""):
            self._reliable = number
            self._send_prack(response, number)
        if self._cancelled:
            self._send_cancel()

    def _accepted(self, response: Response) -> None:
        if self._ack is not None:
            self._wire.send(self._ack, self._dialog.next_hop)
            return
        self._final = response.code
        self._dialog.learn(response)
        self._ack = self._dialog.request("ACK", number=self._invite.cseq.sequence)
        self._wire.send(self._ack, self._dialog.next_hop)
        self._seen(response)
        if self._cancelled or self._law is None:
            self._background(self._dialog.request("BYE"), self._dialog.next_hop)
            self._end(Ended("us", response.code), "BYE sent")
            return
        self.connected = True
        self._watch.changed()

    def _seen(self, response: Response) -> None:
        has_sdp = bool(response.body) and self._agree(response.body)
        self.responses.append(Seen(monotonic(), response.code, has_sdp))
        self.note(str(response.code), "SDP" if has_sdp else "")

    def _send_prack(self, response: Response, number: int) -> None:
        prack = self._dialog.request("PRACK")
        prack.headers.set("RAck", f"{number} {CSeq(self._invite.cseq.sequence, 'INVITE')}")
        self.note("PRACK sent")
        self._background(prack, self._dialog.next_hop)

    def _send_cancel(self) -> None:
        if self._cancel_sent:
            return
        self._cancel_sent = True
        cancel = within_transaction("CANCEL", self._invite, self._invite.headers["To"])
        self.note("CANCEL sent")
        self._background(cancel, self._dialog.peer)

    def _nobody(self) -> None:
        self._end(Ended("timeout", 408), "no response")
