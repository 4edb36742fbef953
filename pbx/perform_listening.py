"""The commands of a listening as ARI requests, beside `perform`.

Rules of this file: those of `perform`. What hears is made with `whisper=none`, so whatever the supervisor's phone sends
ends at the switch; it hears at the agent's leg, and so ends with it even where no engine is there to say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import structlog

from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.state import Listening, ListeningId
from engine.terms import HangupCause
from pbx.ari import LinkDown, Outcome
from pbx.ari import requests as r
from pbx.decode import APP, LISTENER, SNOOP
from pbx.perform import ANONYMOUS, GONE, NOT_REGISTERED, RING_LIMIT, Performer, shown

log = structlog.get_logger()


class ListeningPerformer:
    """Fills ListeningSwitch. `tell(listening, event)` is told what came of the orders; set it before the first."""

    def __init__(self, performer: Performer) -> None:
        """Over the link of the calls."""
        self._performer = performer
        self.tell: Callable[[ListeningId, e.Event], None]

    def perform(self, listening: Listening, shown: str, commands: Sequence[c.SwitchCommand]) -> None:
        """See ListeningSwitch."""
        link = self._performer.link
        if link is None:
            raise RuntimeError("the performer has no link to the switch")
        for command in commands:
            requests = self._requests(listening, shown, command)
            for request in requests:
                is_last = request is requests[-1]
                link.send(*request, on_done=partial(self._came_back, listening, command, is_last))

    def _requests(self, one: Listening, name: str, command: c.SwitchCommand) -> Sequence[r.Request]:
        bridge = f"{one.id}-bridge"
        match command:
            case c.DialSupervisor(supervisor):
                identity = {"CONNECTEDLINE(name)": shown(name), "CONNECTEDLINE(num)": ANONYMOUS}
                args = f"{LISTENER},{one.id}"
                endpoint = f"PJSIP/{supervisor}"
                return (r.originate(one.leg, endpoint, APP, args=args, limit=RING_LIMIT, variables=identity),)
            case c.DropSupervisor(cause):
                return (r.hang_up(one.leg, cause),)
            case c.Tell(sound):
                media = f"sound:{self._performer.place_of(sound)}"
                return (r.play_in_bridge(f"{one.call}-bridge", one.play, media),)
            case c.StopTelling():
                return (r.stop_playback(one.play),)
            case c.Tap():
                return (r.snoop(one.agent_leg, one.snoop, APP, args=f"{SNOOP},{one.id}"),)
            case c.Untap():
                return (r.hang_up(one.snoop, HangupCause.NORMAL),)
            case c.Join():
                return (r.create_bridge(bridge), r.add_to_bridge(bridge, one.snoop, one.leg))
            case c.Unjoin():
                return (r.delete_bridge(bridge),)

    def _came_back(self, one: Listening, command: c.SwitchCommand, is_last: bool, outcome: Outcome) -> None:
        if isinstance(outcome, LinkDown):
            return  # the listening is over for us, and what is left of it is ended after the reconnect
        if not outcome.ok:
            self._refused(one, command, outcome.status, outcome.reason)
        elif isinstance(command, c.Join) and is_last:
            self.tell(one.id, e.Joined())

    def _refused(self, one: Listening, command: c.SwitchCommand, status: int, reason: str) -> None:
        log.debug("order_refused", listening=one.id, order=type(command).__name__, status=status, reason=reason)
        match command:
            case c.DialSupervisor():  # nothing was made that could end by itself
                absent = status == NOT_REGISTERED
                cause = HangupCause.SUBSCRIBER_ABSENT if absent else HangupCause.TEMPORARY_FAILURE
                self.tell(one.id, e.LegEnded(cause))
            case c.DropSupervisor() if status in GONE:
                self.tell(one.id, e.LegEnded(HangupCause.NORMAL))
            case c.Untap() if status in GONE:
                self.tell(one.id, e.SnoopEnded())
            case c.StopTelling() | c.Unjoin() if status in GONE:
                return
            case _:
                self.tell(one.id, e.OrderRefused(command, f"{status} {reason}"))
