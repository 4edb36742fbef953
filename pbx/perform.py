"""The rules' commands as ARI requests. With `perform_listening` all that orders something of the switch.

Rules of this file: requests are pipelined in the order of the commands and nothing waits for their answers. What was
done or refused comes back as an event. A channel that is gone already is no error: its end is told by an event of its
own, and told again from here in case that was missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog

from engine.call import commands as c
from engine.call import events as e
from engine.terms import CallId, HangupCause, is_own_sound, is_prompt_sound
from pbx import outgoing
from pbx.ari import AriLink, LinkDown, Outcome
from pbx.ari import requests as r
from pbx.decode import APP
from pbx.runtime.own_sounds import OWN

log = structlog.get_logger()
RING_LIMIT = 600
"""Seconds after which the switch gives up an agent's phone by itself; the engine's own ring time is shorter."""
GONE = frozenset({404, 409, 410, 412})
NOT_REGISTERED = 500
"""What `originate` says ("Allocation failed") for a phone without an address."""
_CHANNEL_GONE = frozenset({400, 409, 422})
"""What `addChannel` says when one of the two has just left (404 would be the bridge)."""
ANONYMOUS = "anonymous"
"""Shown as the number of a caller who hides it (RFC 3323)."""
KEEPS_TALKING = "HOLD_INTERCEPT(set)"
"""On a channel: what would start music there because the other one holds is told to us and goes no further (Asterisk,
`func_holdintercept`: it looks at what is indicated to the channel, not at what comes from it)."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DONE: dict[type[c.SwitchCommand], e.Event] = {
    c.Ring: e.RingingSent(),
    c.Progress: e.ProgressSent(),
    c.Answer: e.CallerAnswered(),
}


class Performer:
    """The Switch port over one ARI link. `tell(call, event)` is told what came of the orders."""

    def __init__(self, sounds: Path, tell: Callable[[CallId, e.Event], None]) -> None:
        """`sounds`: the directory of the language, with the prompts. Set `link` before the first order."""
        self.link: AriLink | None = None
        self._sounds, self._tell = sounds, tell

    def perform(self, call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        """Carry out the commands for one call, in order."""
        if self.link is None:
            raise RuntimeError("the performer has no link to the switch")
        early = False
        for command, following in zip(commands, (*commands[1:], None), strict=True):
            if isinstance(command, c.Progress) and isinstance(following, c.PlayMusic | c.Announce):
                early = True  # the sound sends 183 by itself; a second one says nothing new
                continue
            came_back = self._first_sound if early else self._came_back
            early = False
            for request in self._requests(call, command):
                self.link.send(*request, on_done=partial(came_back, call, command))

    def _requests(self, call: CallId, command: c.SwitchCommand) -> Sequence[r.Request]:
        match command:
            case c.Ring():
                return (r.ring(call),)
            case c.Progress():
                return (r.progress(call),)
            case c.Answer():
                return (r.answer(call),)
            case c.PlayMusic(music, leg):
                return (r.start_music(leg or call, music),)
            case c.StopMusic(leg):
                return (r.stop_music(leg or call),)
            case c.Announce(play, sound):
                return (r.play(call, play, f"sound:{self.place_of(sound)}"),)
            case c.StopAnnouncement(play):
                return (r.stop_playback(play),)
            case c.Release(cause):
                return (r.hang_up(call, cause),)
            case c.Merge():
                return (r.go_on(call, "merged"),)
            case c.Decline():
                return (r.go_on(call, "declined"),)
            case c.DialAgent() | c.DropLeg() | c.Bridge() | c.Unbridge():
                return self._leg_requests(call, command)
            case _:
                return self._transfer_requests(call, command)

    def place_of(self, sound: str) -> Path:
        """Where the switch finds it; customers' own announcements and calls' own questions know no language."""
        has_own_place = is_own_sound(sound) or is_prompt_sound(sound)
        return self._sounds.with_name(OWN) / sound if has_own_place else self._sounds / sound

    def _leg_requests(
        self, call: CallId, command: c.DialAgent | c.DropLeg | c.Bridge | c.Unbridge
    ) -> Sequence[r.Request]:
        bridge = f"{call}-bridge"
        match command:
            case c.DialAgent(leg, agent, name, number):
                identity = {"CONNECTEDLINE(name)": shown(name), "CONNECTEDLINE(num)": number or ANONYMOUS}
                return (
                    r.originate(leg, f"PJSIP/{agent}", APP, args=f"leg,{call}", limit=RING_LIMIT, variables=identity),
                )
            case c.DropLeg(leg, cause):
                return (r.hang_up(leg, cause),)
            case c.Bridge(leg):
                return (r.create_bridge(bridge), r.add_to_bridge(bridge, call, leg))
            case c.Unbridge():
                return (r.delete_bridge(bridge),)

    def _transfer_requests(self, call: CallId, command: c.TransferCommand) -> Sequence[r.Request]:
        bridge = f"{call}-bridge"
        match command:
            case c.DialTarget(leg, route, name):
                return (outgoing.dial_out(call, leg, route, name, RING_LIMIT),)
            case c.ProbeTarget(leg):
                return (outgoing.has_answered_at_all(leg),)
            case c.DropTarget(leg):
                return (r.hang_up(leg, HangupCause.NORMAL),)
            case c.AskTarget(leg, play, sound):
                return (r.play(leg, play, f"sound:{self.place_of(sound)}"),)
            case c.Join(leg):
                return (r.add_to_bridge(bridge, leg or call),)
            case c.Part(leg):
                return (r.take_out_of_bridge(bridge, leg or call),)
            case c.PlayRingTone(leg):
                return (r.ring(leg),)
            case c.StopRingTone(leg):
                return (r.stop_ring(leg),)
            case c.AcceptRefer(leg):
                return (r.refer_progress(leg, "channel_answered"),)
            case c.RefuseRefer(leg):
                return (r.refer_progress(leg, "channel_declined"),)
            case c.RefuseHold():
                return (r.set_variable(call, KEEPS_TALKING, "set"),)

    def _first_sound(self, call: CallId, command: c.SwitchCommand, outcome: Outcome) -> None:
        """The answer to a sound that stands for 183 too."""
        if not isinstance(outcome, LinkDown):
            if outcome.ok:
                self._tell(call, e.ProgressSent())
            else:
                self.perform(call, [c.Progress()])
        self._came_back(call, command, outcome)

    def _came_back(self, call: CallId, command: c.SwitchCommand, outcome: Outcome) -> None:
        if isinstance(outcome, LinkDown):
            return  # after the reconnect the switch is asked what became of the call
        if outcome.ok:
            if event := _DONE.get(type(command)):
                self._tell(call, event)
            elif isinstance(command, c.ProbeTarget) and not outcome.body(dict[str, str])["value"]:
                self._tell(call, e.TargetSilent(command.leg))
            return
        self._refused(call, command, outcome.status, outcome.reason)

    def _refused(self, call: CallId, command: c.SwitchCommand, status: int, reason: str) -> None:
        log.debug("order_refused", call=call, order=type(command).__name__, status=status, reason=reason)
        match command:
            case c.DialAgent(leg):
                # Nothing was made that could end by itself. Other refusals than "not registered" are not the agent's.
                absent = status == NOT_REGISTERED
                cause = HangupCause.SUBSCRIBER_ABSENT if absent else HangupCause.TEMPORARY_FAILURE
                self._tell(call, e.LegEnded(leg, cause))
            case c.DropLeg(leg) if status in GONE:
                self._tell(call, e.LegEnded(leg, HangupCause.NORMAL))
            case c.DialTarget(leg):
                self._tell(call, e.TargetEnded(leg, HangupCause.TEMPORARY_FAILURE))
            case c.AskTarget(_, play):
                self._tell(call, e.AnnouncementEnded(play))
            case c.StopMusic() | c.StopAnnouncement() | c.Unbridge() | c.DropTarget() if status in GONE:
                return
            case c.Bridge() | c.Join() if status in _CHANNEL_GONE:
                return
            case c.Part() | c.PlayRingTone() | c.StopRingTone() | c.ProbeTarget() | c.AcceptRefer() | c.RefuseRefer():
                return  # was not in it, or has just left: its end is told by an event of its own
            case c.Join() | c.PlayMusic(_, str()):
                self._tell(call, e.OrderRefused(command, f"{status} {reason}"))
            case _ if status in GONE and not isinstance(command, c.Bridge):
                self._tell(call, e.CallerGone(HangupCause.UNKNOWN))
            case _:
                self._tell(call, e.OrderRefused(command, f"{status} {reason}"))


def shown(name: str) -> str:
    """A name as a phone may show it: a line break in a From header makes telephones fall silent."""
    return _CONTROL.sub(" ", name)
