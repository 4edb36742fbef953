"""What the board calls things: treatments in short, why an order was refused and what to do, what was done, the keys.

Rule of this file: every refusal has one sentence that says what, why and what to do; a test says so. The keys stand in
one list, which is both the help that `?` shows and what the page's script goes by.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports.supervision import Refusal
from engine.terms import Treatment
from engine.web.desk.words import Key
from engine.web.languages import N_

TREATMENTS: Mapping[Treatment, str] = {
    Treatment.RINGING: N_("hears the ring tone"),
    Treatment.RINGING_ANNOUNCED: N_("hears ring tone and announcements"),
    Treatment.ANSWERED: N_("answered, hears music"),
    Treatment.DELAYED_CONNECT: N_("waiting loop, pays nothing yet"),
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOT_WAITING: N_(
        "Nothing was changed: this caller does not wait any more, but has hung up or talks to somebody. "
        "The list shows who still waits."
    ),
    Refusal.NO_SUCH_AGENT: N_(
        "Nothing was changed: this agent does not work here any more. Please choose somebody else."
    ),
    Refusal.AWAY: N_(
        "Nothing was changed: this agent is on a break or signed off, or will be after the present call. Please choose "
        "somebody else, or set the agent to ready first."
    ),
    Refusal.UNREACHABLE: N_(
        "Nothing was changed: this agent's telephone cannot be reached. Please choose somebody else, and have the "
        "telephone looked at."
    ),
    Refusal.BUSY: N_(
        "Nothing was changed: the telephone is in use, yours or that of the agent whom the caller cannot wait for any "
        "longer, or you are ready for callers yourself. Please end your call or go on a break, or choose another agent."
    ),
    Refusal.NO_PHONE: N_(
        "Nothing was changed: your login is no agent's, so there is no telephone to ring. Please assign the caller to "
        "an agent, or have your login connected with an agent."
    ),
    Refusal.NOT_TALKING: N_(
        "There is nothing to listen to: this agent is not in conversation. Please try it again in the next call."
    ),
    Refusal.NOT_ALLOWED: N_(
        "Listening in is switched off in this installation. Who runs it can switch it on, if the agents have agreed."
    ),
    Refusal.CUSTOMER_FORBIDS: N_(
        "Nobody may listen to this conversation: the customer has not agreed to it. Support can note the consent."
    ),
    Refusal.LAW_FORBIDS: N_(
        "Nobody may listen to this conversation: the caller may pay by the minute and would pay for the announcement. "
        "Please choose another conversation."
    ),
    Refusal.ALREADY: N_(
        "Somebody listens to this conversation already, or you are listening to another one. Please end that first."
    ),
    Refusal.NO_SWITCH: N_(
        "Nothing was changed: the telephone system cannot be reached. Conversations go on; please try it again in a "
        "moment."
    ),
}
DONE: Mapping[str, str] = {
    "board_front": N_("The caller is served next."),
    "board_assigned": N_("The caller goes to this agent: at once, or as the next one."),
    "board_picked_up": N_("Your telephone rings for this caller."),
    "board_state": N_("The agent's state is changed."),
    "board_wish": N_("The agent is in a call: the change comes after it."),
    "board_listens": N_("Your telephone rings. You hear the conversation once both have been told."),
    "board_heard": N_("You are not listening any more."),
}
"""What is told after an order, by the word that the browser keeps in between."""
KEYS = (
    Key("w", "waiting", N_("to the waiting callers")),
    Key("g", "team", N_("to the agents")),
    Key("ArrowDown", "down", N_("next row"), "↓"),
    Key("ArrowUp", "up", N_("row before"), "↑"),
    Key("v", "front", N_("caller: to the front")),
    Key("z", "assign", N_("caller: assign to an agent")),
    Key("a", "take", N_("caller: pick up with the own telephone")),
    Key("Enter", "choose", N_("agent: change the state"), N_("Enter")),
    Key("b", "ready", N_("agent: ready")),
    Key("p", "pause", N_("agent: on a break, with a reason")),
    Key("o", "offline", N_("agent: sign off")),
    Key("l", "listen", N_("agent: listen in")),
    Key("x", "stop", N_("stop listening")),
    Key("Escape", "leave", N_("leave the list, close what is open"), N_("Esc"), anywhere=True),
    Key("?", "help", N_("show or hide this help")),
)
"""Letters without Ctrl or Alt are no browser's own; arrows count within a list only; in a field all are text."""
