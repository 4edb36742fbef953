"""What listening in needs of the switch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.listening.commands import SwitchCommand
from engine.listening.state import Listening


class ListeningSwitch(Protocol):
    """Orders are carried out in the order given; what came of them arrives as events."""

    def perform(self, listening: Listening, shown: str, commands: Sequence[SwitchCommand]) -> None:
        """Carry out the commands for one listening; `shown`: the name that the supervisor's phone shows.

        Never waits, never raises for what the switch does.
        """
