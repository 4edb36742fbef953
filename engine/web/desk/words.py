"""What the desk calls things: states, pauses, reasons for no message, and the keys.

Rule of this file: every word of the rules has one here; a test says so. The keys stand in one list, which is both the
help that `?` shows and what the page's script goes by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.acd.agents import AUTO_PAUSE, BROWSER_CLOSED, SESSION_OVER, SIGNED_OUT, HeldOff
from engine.ports.desk import NoMessage
from engine.terms import AgentState
from engine.transfer.limits import Refused
from engine.web.languages import N_, Words

STATES: Mapping[AgentState, str] = {
    AgentState.READY: N_("ready"),
    AgentState.RINGING: N_("it rings"),
    AgentState.TALKING: N_("in conversation"),
    AgentState.WRAP_UP: N_("wrap-up"),
    AgentState.PAUSED: N_("on a break"),
    AgentState.OFFLINE: N_("signed off"),
}
STATE_ICONS: Mapping[AgentState, str] = {
    AgentState.READY: "check",
    AgentState.RINGING: "phone",
    AgentState.TALKING: "speech",
    AgentState.WRAP_UP: "pad",
    AgentState.PAUSED: "cup",
    AgentState.OFFLINE: "cross",
}
PAUSES: Mapping[str, str] = {
    "break": N_("short break"),
    "lunch": N_("lunch"),
    "meeting": N_("meeting"),
    "training": N_("training"),
    "other": N_("something else"),
}
"""What an agent can choose; the command line may write any other reason."""
_BY_ITSELF: Mapping[str, str] = {
    AUTO_PAUSE: N_("calls were not picked up"),
    BROWSER_CLOSED: N_("browser closed"),
    SIGNED_OUT: N_("signed out"),
    SESSION_OVER: N_("the sign-in was over"),
}
"""Why somebody is on a break or signed off who has not said so."""
HELD_OFF: Mapping[HeldOff | None, str] = {
    HeldOff.MISSED: N_("A call was not picked up."),
    HeldOff.REJECTED: N_("A call was declined."),
    HeldOff.UNREACHED: N_("A call did not reach the telephone."),
    HeldOff.LOST: N_("The telephone was gone in the middle of a call."),
    None: N_("A call went to somebody else."),
}
"""Why no call comes for a moment to somebody who is ready."""
NO_MESSAGE: Mapping[NoMessage, str] = {
    NoMessage.WRONG_NUMBER: N_("wrong number"),
    NoMessage.SALES: N_("sales call"),
    NoMessage.INFORMATION: N_("information given"),
    NoMessage.PUT_THROUGH: N_("put through"),
    NoMessage.TAKEN_DOWN: N_("already taken down"),
    NoMessage.WILL_CALL_AGAIN: N_("will call again by themselves"),
    NoMessage.HUNG_UP: N_("hung up"),
    NoMessage.OTHER: N_("other reason"),
}
OFFERED = tuple(reason for reason in NoMessage if reason is not NoMessage.TAKEN_DOWN)
"""The reasons that every form has; that one stands where somebody has taken a message already."""
CAME_BACK: Mapping[str, str] = {
    "phone_lost": N_("the connection to the telephone was lost"),
    "put_through": N_("putting through failed"),
}
"""Why a caller is with another agent after a talk, by how that has ended."""
ENDS: Mapping[str, str] = {
    "agent_left": N_("hung up"),
    "caller_left": N_("caller hung up"),
    "phone_lost": N_("telephone lost"),
    "put_through": N_("put through"),
    "not_joined": N_("not connected"),
}
"""How a talk has ended."""

WHY_NOT: Mapping[Refused, str] = {
    Refused.BY_LAW: N_("Nobody may be put through in this customer's calls: the caller would pay while waiting."),
    Refused.NO_CONTACT: N_("This contact is not there any more."),
    Refused.NO_TARGETS: N_("This contact has no number for putting through."),
    Refused.NO_TRUNK: N_("No line goes out at present: nobody can be put through."),
    Refused.FORBIDDEN_NUMBER: N_("We must not dial this number."),
    Refused.DEAR_NUMBER: N_("This number costs extra: it is not dialled."),
    Refused.ABROAD: N_("This number is in a country to which nobody is put through."),
    Refused.OWN_NUMBER: N_("This number leads back to us: it is not dialled."),
    Refused.LEGS_PER_MINUTE: N_("Too many numbers were dialled for this customer just now: try it again in a minute."),
    Refused.LEGS_AT_ONCE: N_("Too many numbers ring or talk for this customer: try it again when one of them is free."),
    Refused.MINUTES_PER_DAY: N_("Nobody else can be put through for this customer today."),
    Refused.TRUNK_AWAY: N_("No line goes out at present: nobody can be put through."),
    Refused.TRUNK_FULL: N_("All lines are busy: try it again in a moment."),
}
"""Why nobody is put through."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `shown`: on its cap; `does`: the action's name in the script."""

    key: str
    does: str
    words: str
    shown: str = ""
    anywhere: bool = False
    """Also while one types in a field."""

    @property
    def cap(self) -> str:
        """What is written on it."""
        return self.shown or self.key.upper()


KEYS = (
    Key("1", "tab", N_("Contacts")),
    Key("2", "tab", N_("Frequent questions")),
    Key("3", "tab", N_("Company")),
    Key("4", "tab", N_("Earlier calls")),
    Key("m", "message", N_("into the message of the present call")),
    Key("n", "none", N_("to the reasons for no message")),
    Key("t", "take_over", N_("take over the draft of who has talked to the caller before")),
    Key("o", "open", N_("to the calls that are still to be closed")),
    Key("u", "undo", N_("take back what was just saved")),
    Key(
        "f",
        "through",
        N_("to the buttons for putting through, of the next contact each time; there 1 to 9 are numbers"),
    ),
    Key("z", "take_back", N_("take the caller back")),
    Key("x", "skip", N_("try the next number")),
    Key("k", "swap", N_("swap between caller and called person")),
    Key("c", "conference", N_("let all three talk")),
    Key("v", "hand_over", N_("hand over: leave the two alone")),
    Key("b", "ready", N_("ready")),
    Key("p", "pause", N_("on a break")),
    Key("w", "end", N_("end the wrap-up")),
    Key("Control+Enter", "save", N_("save the message"), N_("Ctrl + Enter"), anywhere=True),
    Key("Escape", "leave", N_("leave the field, close this help"), N_("Esc"), anywhere=True),
    Key("?", "help", N_("show or hide this help")),
)
"""Letters and digits without Ctrl or Alt are no browser's own; in a field they are text."""

LISTENING_KEYS = (Key("e", "unlisten", N_("stop listening")),)
"""Of who leads agents."""

PHONE_KEYS = (
    Key("a", "answer", N_("answer the call")),
    Key("h", "hangup", N_("hang up, or decline")),
    Key("s", "mute", N_("microphone off and on")),
)
"""Where the browser is the telephone."""


def pause(reason: str | None, words: Words) -> str:
    """Why somebody is on a break, or signed off without having said so."""
    known = {**PAUSES, **_BY_ITSELF}
    return words(known.get(reason or "", reason or ""))


def minutes(milliseconds: int) -> str:
    """A duration as `m:ss`, or `h:mm:ss` from an hour on."""
    return span(timedelta(milliseconds=milliseconds))


def span(time: timedelta) -> str:
    """The same of a time; none is shorter than nothing."""
    seconds = max(int(time.total_seconds()), 0)
    hours, rest = divmod(seconds, 3600)
    short = f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else short
