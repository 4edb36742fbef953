"""Why an order about users cannot be carried out, in people's words."""

from __future__ import annotations

from collections.abc import Mapping

from engine.service.accounts import Fault
from engine.web.languages import N_

_SAID: Mapping[Fault, str] = {
    Fault.LOGIN_SHAPE: N_(
        "Please write an e-mail address, or letters, digits, dots, underscores, plus signs and hyphens."
    ),
    Fault.LOGIN_TAKEN: N_("Somebody has this login already: please choose another."),
    Fault.NAME_SHAPE: N_("Please write 1 to 80 characters on one line."),
    Fault.AGENT_NEEDED: N_("An agent's user needs the agent: please name the agent's login."),
    Fault.AGENT_UNKNOWN: N_("There is no such agent."),
    Fault.AGENT_TAKEN: N_("This agent has a user already."),
    Fault.AGENT_NOT_FITTING: N_("Only agents and supervisors can be an agent: please leave it empty."),
    Fault.CUSTOMER_NEEDED: N_("A customer's user needs the customer: please write the customer number."),
    Fault.CUSTOMER_UNKNOWN: N_("There is no such customer."),
    Fault.CUSTOMER_NOT_FITTING: N_("Only customers' users belong to a customer: please leave it empty."),
    Fault.ONESELF: N_("You cannot disable yourself: please let somebody else do it."),
    Fault.LAST_OF_CUSTOMER: N_("This is the last user who can sign in. Only our support can disable it."),
    Fault.LAST_ADMIN: N_("This is the last administrator who can sign in: please make another one first."),
}
_OTHER = N_("This is not possible any more. Please load the page again.")


def fault_of(fault: Fault) -> str:
    """The sentence, to be said in the user's language."""
    return _SAID.get(fault, _OTHER)
