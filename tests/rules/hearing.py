"""Who hears whom on the switch in memory, as far as it was ordered."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.call import commands as c
from engine.terms import LegId

CALLER = None


@dataclass
class Heard:
    """One call's: the caller is None, the others are legs."""

    together: set[LegId | None] = field(default_factory=set)
    music: set[LegId | None] = field(default_factory=set)
    ring_tone: set[LegId] = field(default_factory=set)
    held: dict[LegId | None, LegId | None] = field(default_factory=dict)
    """Who hears the switch's own music, and whose hold has brought that about."""

    def ordered(self, command: c.SwitchCommand) -> None:
        """What the order does to it."""
        match command:
            case c.Bridge(leg):
                self.together |= {CALLER, leg}
            case c.Unbridge():
                self.together.clear()
            case c.Join(leg):
                assert leg not in self.music, "music goes on in the conversation"
                self.together.add(leg)
            case c.Part(leg):
                self.together.discard(leg)
            case c.PlayMusic(_, leg):
                assert leg not in self.together, "music in the middle of a conversation"
                self.music.add(leg)
                self.held.pop(leg, None)
            case c.StopMusic(leg):
                self.music.discard(leg)
                self.held.pop(leg, None)
            case c.PlayRingTone(leg):
                self.ring_tone.add(leg)
            case c.StopRingTone(leg):
                self.ring_tone.discard(leg)
            case c.Announce():
                self.music.discard(CALLER)
            case c.DropLeg(leg) | c.DropTarget(leg):
                self.gone(leg)
            case _:
                pass

    def holds(self, who: LegId | None, *, begins: bool) -> None:
        """Where two talk the other one hears it; in a conference nobody does: the switch takes off hold who is when
        a third one comes."""
        others = self.together - {who}
        if who not in self.together or len(others) != 1:
            return
        [other] = others
        if begins:
            self.held[other] = who
        elif other in self.held and self.held[other] == who:
            del self.held[other]

    def gone(self, leg: LegId) -> None:
        """Its channel has ended."""
        for group in (self.together, self.music):
            group.discard(leg)
        self.held.pop(leg, None)
        self.ring_tone.discard(leg)
