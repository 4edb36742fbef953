"""What the rules order: of the switch (`pbx.perform`), of the timers (`pbx.timers`), of the ACD, and of the trail.

Rule of this file: facts of the field, told and not asked. No word of Asterisk.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.acd.need import Need
from engine.call.commands_transfer import (
    AcceptRefer,
    AskTarget,
    DialTarget,
    DropTarget,
    Join,
    Part,
    PlayRingTone,
    ProbeTarget,
    RefuseHold,
    RefuseRefer,
    StopRingTone,
    TransferCommand,
)
from engine.call.timers import Timer
from engine.terms import AgentId, HangupCause, LegId, PlayId


@dataclass(frozen=True, slots=True)
class Ring:
    """Send the caller 180 Ringing, without media."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Send the caller 183 Session Progress with SDP: early media, no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Send the caller 200 OK."""


@dataclass(frozen=True, slots=True)
class PlayMusic:
    """Start the music class until further notice."""

    music: str
    leg: LegId | None = None
    """Whose; None = the caller's."""


@dataclass(frozen=True, slots=True)
class StopMusic:
    """Stop the music."""

    leg: LegId | None = None
    """Whose; None = the caller's."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Play one sound once; its end arrives as AnnouncementEnded."""

    play: PlayId
    sound: str


@dataclass(frozen=True, slots=True)
class StopAnnouncement:
    """Cut the announcement off at once."""

    play: PlayId


@dataclass(frozen=True, slots=True)
class DialAgent:
    """Ring an agent's phone, showing `name` and `number` (None = anonymous) as the calling party."""

    leg: LegId
    agent: AgentId
    name: str
    number: str | None


@dataclass(frozen=True, slots=True)
class DropLeg:
    """End an agent's leg, ringing (CANCEL) or talking (BYE)."""

    leg: LegId
    cause: HangupCause = HangupCause.NORMAL


@dataclass(frozen=True, slots=True)
class Bridge:
    """Let caller and agent hear each other."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class Unbridge:
    """Take the bridge down; who is still in it hears nothing any more."""


@dataclass(frozen=True, slots=True)
class Release:
    """End the caller's channel: an error response before the answer, BYE after it."""

    cause: HangupCause


@dataclass(frozen=True, slots=True)
class Merge:
    """Refuse a request that is another one's twin, come by another way: 482 (RFC 3261 § 8.2.2.2)."""


@dataclass(frozen=True, slots=True)
class Decline:
    """Refuse before the answer for everybody whom the request could still reach: 603 (RFC 3261 § 21.6.2)."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire TimerFired(name) after so many seconds (> 0); a running timer of that name starts anew."""

    name: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Forget the timer; no error if it does not run."""

    name: Timer


@dataclass(frozen=True, slots=True)
class JoinLine:
    """Wait in the line, at the place of arrival."""

    need: Need
    back_to: AgentId | None = None
    """Who is rung first, if he is free or wraps up: he has put the caller through, and nobody has answered."""


@dataclass(frozen=True, slots=True)
class ReturnToLine:
    """The agent's phone was not picked up: be served again, at the old place."""


@dataclass(frozen=True, slots=True)
class MoveInLine:
    """Wait in this rank from now on (`engine.acd.waiting`)."""

    rank: int


@dataclass(frozen=True, slots=True)
class KeepFor:
    """This agent is to take the call, and nobody else."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Wait no longer."""


@dataclass(frozen=True, slots=True)
class Widen:
    """The overflow time is over: the wider circle of agents may answer too."""


@dataclass(frozen=True, slots=True)
class AgentTalks:
    """The agent has picked up."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentMissed:
    """The agent's phone rang in vain, rejected the call or could not be reached."""

    agent: AgentId
    cause: HangupCause


@dataclass(frozen=True, slots=True)
class AgentSpared:
    """The ring was taken back, or the caller hung up: nobody's fault, the agent keeps the longest idle time."""

    agent: AgentId
    rest: float = 0.0
    """Seconds for which the phone is left alone, ≥ 0: it may not have stopped ringing yet."""


@dataclass(frozen=True, slots=True)
class AgentDone:
    """The conversation is over and the agent's phone is free: wrap-up begins."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentLost:
    """The agent's phone was lost in the middle of the talk."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the call's trail."""

    what: str
    detail: str = ""


SwitchCommand = (
    Ring
    | Progress
    | Answer
    | PlayMusic
    | StopMusic
    | Announce
    | StopAnnouncement
    | DialAgent
    | DropLeg
    | Bridge
    | Unbridge
    | TransferCommand
    | Release
    | Merge
    | Decline
)
TimerCommand = StartTimer | StopTimer
FreeingCommand = AgentMissed | AgentSpared | AgentDone | AgentLost
AcdCommand = JoinLine | ReturnToLine | MoveInLine | KeepFor | LeaveLine | Widen | AgentTalks | FreeingCommand
Command = SwitchCommand | TimerCommand | AcdCommand | Note

__all__ = [
    "AcceptRefer",
    "AcdCommand",
    "AgentDone",
    "AgentLost",
    "AgentMissed",
    "AgentSpared",
    "AgentTalks",
    "Announce",
    "Answer",
    "AskTarget",
    "Bridge",
    "Command",
    "DialAgent",
    "DialTarget",
    "DropLeg",
    "DropTarget",
    "FreeingCommand",
    "Join",
    "JoinLine",
    "KeepFor",
    "LeaveLine",
    "Merge",
    "MoveInLine",
    "Note",
    "Part",
    "PlayMusic",
    "PlayRingTone",
    "ProbeTarget",
    "Progress",
    "RefuseHold",
    "RefuseRefer",
    "Release",
    "ReturnToLine",
    "Ring",
    "StartTimer",
    "StopAnnouncement",
    "StopMusic",
    "StopRingTone",
    "StopTimer",
    "SwitchCommand",
    "Timer",
    "TimerCommand",
    "TransferCommand",
    "Unbridge",
    "Widen",
]
