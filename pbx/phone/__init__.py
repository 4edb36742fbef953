"""A small SIP telephone of our own for demonstration calls, test calls and tests; no customer uses it.

Rule of this package: it knows SIP (RFC 3261), SDP and RTP, and nothing of Vorzimmer or of Asterisk.
Every wait has a limit, and an error names the responses that did arrive.

    async with Phone() as caller:
        call = await caller.dial("+4930123450", server=("127.0.0.1", 5060), caller="+491701234567")
        await call.until(183, within=2)
        await call.hears(min_dbfs=-40, within=2)
        await call.hang_up()
"""

from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Ended, Fact, Seen
from pbx.phone.heard import Heard
from pbx.phone.incoming import IncomingCall
from pbx.phone.outgoing import OutgoingCall
from pbx.phone.phone import Phone
from pbx.phone.wire import Loss

__all__ = [
    "Ended",
    "Fact",
    "Heard",
    "IncomingCall",
    "Loss",
    "NotInTime",
    "OutgoingCall",
    "Phone",
    "PhoneError",
    "Seen",
]
