"""How calls go out by a trunk, as fields of its form.

Rule of this file: what a carrier's sheet calls a thing stands in its hint, for administrators have that before them.
"""

from __future__ import annotations

from engine.transfer.ways import Identity, Writing
from engine.web.forms import Field, Kind
from engine.web.languages import N_

_NUMBERS = {
    Writing.PLUS.value: N_("with plus: +49301234"),
    Writing.ZEROS.value: N_("with two zeros: 0049301234"),
    Writing.NATIONAL.value: N_("as one dials in the country: 0301234, and 00… for other countries"),
    Writing.BARE.value: N_("without anything before it: 49301234"),
}
_IDENTITY = {
    Identity.ASSERTED.value: N_("in P-Asserted-Identity, as most carriers do"),
    Identity.PREFERRED.value: N_("in P-Preferred-Identity"),
    Identity.FROM.value: N_("in From alone"),
}
OUTBOUND = (
    Field(
        "outbound.priority",
        N_("Place in the order in which calls go out"),
        Kind.NUMBER,
        N_("1 to 99; 1 is tried first. Empty: no call goes out by this trunk."),
        optional=True,
    ),
    Field(
        "outbound.uri",
        N_("Where calls go"),
        hint=N_("The carrier's address or proxy, such as sip:sip.carrier.example; empty: to the registrar."),
        optional=True,
    ),
    Field("outbound.numbers", N_("How numbers are written"), Kind.RADIOS, choices=_NUMBERS),
    Field("outbound.identity", N_("Where the carrier reads the customer's number"), Kind.RADIOS, choices=_IDENTITY),
    Field("outbound.from_account", N_("Our user name stands in From instead of a number"), Kind.CHECK),
    Field("outbound.from_host", N_("Host in From"), hint=N_("Empty: that of the address."), optional=True),
    Field(
        "outbound.auth_user",
        N_("Other user name that the password is for"),
        hint=N_("Some carriers call it authentication name. Empty: the user name above."),
        optional=True,
    ),
    Field("outbound.diversion", N_("The carrier is told by which number the caller came (Diversion)"), Kind.CHECK),
    Field(
        "outbound.foreign_numbers",
        N_("The carrier lets us show callers' own numbers"),
        Kind.CHECK,
        N_("Carriers call it CLIP no screening. Ask before ticking it."),
    ),
    Field(
        "outbound.check",
        N_("Ask the carrier every 15 seconds whether it is there"),
        Kind.CHECK,
        N_("While it is not, calls go out by the next trunk at once. Off for carriers that do not answer OPTIONS."),
        ticked=True,
    ),
)
