"""Messages in a customer's words: how urgent, what the caller wants, how far it is, how each delivery went.

Rule of this file: every word of the rules has one here; a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import DeliveryState, Means, State, Summary, Trouble
from engine.ports.messages import Delivery
from engine.web.languages import N_, Words

EVERYBODY = N_("everybody")
"""For whom a message is that is for no contact."""
NOT_SAID = N_("not said")
"""Where the caller had no answer to what the customer wants to be asked for."""
URGENCIES: Mapping[Urgency, str] = {
    Urgency.NORMAL: N_("normal"),
    Urgency.URGENT: N_("urgent"),
    Urgency.EMERGENCY: N_("emergency"),
}
TICKS: Mapping[Tick, str] = {
    Tick.CALL_BACK: N_("asks to be called back"),
    Tick.WILL_CALL_AGAIN: N_("will call again"),
    Tick.CALLED_BACK: N_("has called back"),
    Tick.APPOINTMENT: N_("asks for an appointment"),
    Tick.INFORMATION: N_("for information only"),
}
STATES: Mapping[State, str] = {
    State.NEW: N_("new"),
    State.READ: N_("read"),
    State.DONE: N_("done"),
}
MEANS: Mapping[Means, str] = {
    Means.MAIL: N_("E-mail"),
    Means.SMS: N_("SMS"),
    Means.PUSHOVER: N_("Pushover"),
    Means.FAX: N_("Fax"),
}
DELIVERIES: Mapping[DeliveryState, str] = {
    DeliveryState.QUEUED: N_("is waiting to be sent"),
    DeliveryState.SENDING: N_("is being sent"),
    DeliveryState.SENT: N_("sent"),
    DeliveryState.DELIVERED: N_("has arrived"),
    DeliveryState.ACKNOWLEDGED: N_("acknowledged"),
    DeliveryState.FAILED: N_("not delivered"),
}
SUMMARIES: Mapping[Summary, str] = {
    Summary.NONE: N_("here in the portal only"),
    Summary.UNDER_WAY: N_("under way"),
    Summary.SENT: N_("sent"),
    Summary.ACKNOWLEDGED: N_("acknowledged"),
    Summary.PARTLY_FAILED: N_("partly not delivered"),
    Summary.FAILED: N_("not delivered"),
}
TROUBLES: Mapping[Trouble, str] = {
    Trouble.ADDRESS: N_("There is no such address or number. Please check what is entered for the contact."),
    Trouble.REFUSED: N_("The other side did not accept it."),
    Trouble.BUSY: N_("The line was busy."),
    Trouble.NO_ANSWER: N_("Nobody answered."),
    Trouble.UNREACHABLE: N_("The other side could not be reached."),
    Trouble.NOT_ACKNOWLEDGED: N_("Nobody confirmed in time that it was seen."),
    Trouble.OURS: N_("There was a fault on our side. Our support takes care of it."),
}


def tried_out(test: Delivery) -> str:
    """How far a test is: who has asked for it waits to see it."""
    if test.state is DeliveryState.QUEUED and test.trouble:
        return N_("is tried again")
    return N_("handed over") if test.state is DeliveryState.SENT else DELIVERIES[test.state]


def ticked(ticks: Iterable[Tick], words: Words) -> list[str]:
    """What was ticked, in the order of the boxes."""
    return [words(TICKS[tick]) for tick in Tick if tick in set(ticks)]


def caller(slip: Slip) -> list[str]:
    """All that is known of who has called: name, company, number."""
    return [one for one in (slip.caller_name, slip.company, slip.number) if one]
