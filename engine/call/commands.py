"""What the rules order: of the switch (`pbx.perform`), of the timers (`pbx.timers`), of the ACD, and of the trail.

Rule of this file: facts of the field, told and not asked. No word of Asterisk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.acd.need import Need
from engine.terms import AgentId, HangupCause, LegId, PlayId
from engine.transfer.plan import Route


class Timer(StrEnum):
    """The timers of one call."""

    MAX_WAIT = "max_wait"
    """The longest wait allowed."""
    OVERFLOW = "overflow"
    """The customer's overflow time."""
    ANNOUNCE = "announce"
    """Time for the next interim announcement."""
    RING = "ring"
    """One agent's phone has rung long enough."""
    ALERT = "alert"
    """An agent's phone has not even said that it rings."""
    TARGET = "target"
    """A target's phone has rung long enough."""
    TARGET_ALERT = "target_alert"
    """The carrier has not even said that a target's phone rings."""
    ACCEPT = "accept"
    """Whoever has answered should have pressed 1 by now."""
    TALK_LIMIT = "talk_limit"
    """The longest time that a target may talk to a caller."""
    CLEAR = "clear"
    """A channel that was told to end has not said that it did."""


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
class DialTarget:
    """Ring a transfer target by this route, showing `name` beside the route's number."""

    leg: LegId
    route: Route
    name: str


@dataclass(frozen=True, slots=True)
class DropTarget:
    """End a target's leg, ringing (CANCEL) or talking (BYE)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class AskTarget:
    """Ask who has answered to press 1: one sound, whose end arrives as AnnouncementEnded."""

    leg: LegId
    play: PlayId
    sound: str


@dataclass(frozen=True, slots=True)
class Join:
    """Into the conversation; None = the caller."""

    leg: LegId | None


@dataclass(frozen=True, slots=True)
class Part:
    """Out of the conversation, into silence; None = the caller."""

    leg: LegId | None


@dataclass(frozen=True, slots=True)
class PlayRingTone:
    """Let an agent who waits for a target hear that it rings."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class StopRingTone:
    """Let the agent hear it no more."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class AcceptRefer:
    """Tell the agent's phone that the caller is put through, as it wanted."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class RefuseRefer:
    """Tell the agent's phone that the caller is not put through: 603."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class Release:
    """End the caller's channel: an error response before the answer, BYE after it."""

    cause: HangupCause


@dataclass(frozen=True, slots=True)
class Merge:
    """Refuse a request that is another one's twin, come by another way: 482 (RFC 3261 § 8.2.2.2)."""


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


@dataclass(frozen=True, slots=True)
class ReturnToLine:
    """The agent's phone was not picked up: be served again, at the old place."""


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
    """The caller hung up while the agent's phone rang: nobody's fault, the agent keeps the longest idle time."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentDone:
    """The conversation is over and the agent's phone is free: wrap-up begins."""

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
    | DialTarget
    | DropTarget
    | AskTarget
    | Join
    | Part
    | PlayRingTone
    | StopRingTone
    | AcceptRefer
    | RefuseRefer
    | Release
    | Merge
)
TimerCommand = StartTimer | StopTimer
AcdCommand = JoinLine | ReturnToLine | LeaveLine | Widen | AgentTalks | AgentMissed | AgentSpared | AgentDone
Command = SwitchCommand | TimerCommand | AcdCommand | Note
