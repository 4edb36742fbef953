"""Between the exchange and the switch: every leg to a transfer target is judged before it is dialled, and counted.

Rule of this file: what is refused is told as what has become of the leg, so the rules go on as after any other try;
everything else passes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import Call
from engine.ports import Switch
from engine.service.outbound import Outbound
from engine.service.prompts import Prompts
from engine.terms import CallId


class LegsOut:
    """The Switch port over another one. Set `tell` before the first order."""

    def __init__(self, switch: Switch, outbound: Outbound) -> None:
        """`outbound`: the limits."""
        self._switch, self._outbound = switch, outbound
        self.prompts: Prompts | None = None
        """Questions of calls' own; None = only the general one is asked."""
        self.tell: Callable[[CallId, e.Event], None] = lambda _call, _event: None

    def perform(self, call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        """See Switch."""
        dials = any(isinstance(one, c.DialTarget | c.DropTarget) for one in commands)
        if dials:
            commands = [one for one in commands if self._passes(call, one)]
        if self.prompts and (dials or self.prompts.live):
            commands = [self._with_prompt(self.prompts, call, one) for one in commands]
        if commands:
            self._switch.perform(call, commands)

    def heard(self, event: e.Event) -> None:
        """Something has happened on the switch."""
        if isinstance(event, e.TargetAnswered):
            self._outbound.answered(event.leg)
        elif isinstance(event, e.TargetEnded):
            self._outbound.ended(event.leg)

    def resumes(self, calls: Iterable[Call]) -> None:
        """Calls of an engine before this one: what they may use, their targets' legs, and those that are over."""
        for call in calls:
            if call.walk and (agreed := call.walk.order.allowance):
                self._outbound.allow(call.settings.customer, agreed.legs_per_minute, agreed.minutes_per_day)
            for one in call.attempts:
                if one.leg == call.target:
                    self._outbound.resumes(one.leg, call.settings.customer, one.trunk, one.answered_at)
                elif one.answered_at and one.ended_at:
                    self._outbound.talked(call.settings.customer, one.answered_at, one.ended_at)

    def _with_prompt(self, prompts: Prompts, call: CallId, command: c.SwitchCommand) -> c.SwitchCommand:
        """The question with names, where it is ready; it is begun with the dialling, and over with the talk."""
        if isinstance(command, c.DialTarget) and command.asks:
            prompts.begin(call, command.name, command.caller_name)
        elif isinstance(command, c.AskTarget) and (sound := prompts.ready(call)):
            return replace(command, sound=sound)
        elif isinstance(command, c.Unbridge):
            prompts.over(call)
        return command

    def _passes(self, call: CallId, command: c.SwitchCommand) -> bool:
        if isinstance(command, c.DropTarget):
            self._outbound.ended(command.leg)
        if not isinstance(command, c.DialTarget):
            return True
        refused = self._outbound.dials(command.leg, command.customer, command.number, command.route.trunk)
        if refused is None:
            return True
        self.tell(call, e.TargetRefused(command.leg, refused.value, refused.is_the_trunks))
        return False
