"""What one call is charged: the time a caller was connected to an agent, rounded up (FAQ, §2.2).

Rule of this file: whole milliseconds in, whole seconds and minutes out, no floats. What an agent did before
and after the connection, and a call that no agent took, cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Charge:
    """Charged time, both rounded up from the same call: minutes == ceil(seconds / 60)."""

    seconds: int
    minutes: int


def charge(connected_ms: int) -> Charge:
    """The charge for `connected_ms` ≥ 0 milliseconds between caller and agent; 0 where no agent was
    connected.

    Raises ValueError for a negative time.
    """
    if connected_ms < 0:
        raise ValueError(f"a call cannot have been connected for {connected_ms} ms")
    return Charge(seconds=-(-connected_ms // 1000), minutes=-(-connected_ms // 60_000))
