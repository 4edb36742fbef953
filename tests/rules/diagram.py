"""Draws the state diagram of a call from the machine's table: `python -m tests.rules.diagram` writes docs/call.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.call.events import AnnouncementEnded, Event
from engine.call.machine import IGNORED, TABLE, step
from engine.call.races import Kind
from engine.call.state import State
from engine.terms import HangupCause
from tests.rules.calls import NOON, event_of, found, in_state

PAGE = Path(__file__).parents[2] / "docs" / "call.md"
_HEAD = """# The states of a call

Drawn from the table in `engine/call/machine.py` by `python -m tests.rules.diagram`; a test compares.

```mermaid
stateDiagram-v2
    [*] --> arriving: offered
"""


def word(kind: Kind) -> str:
    """The row's name in the diagram."""
    return kind.__name__ if isinstance(kind, type) else f"timer {kind}"


def edges() -> dict[tuple[State, State], list[str]]:
    """From where to where, and by which events; those that stay in a state are left out."""
    ways: dict[tuple[State, State], list[str]] = {}
    for (state, kind), _ in TABLE.items():
        for event in _variants(kind):
            after, _orders = step(_present(state, event), event, NOON)
            names = ways.setdefault((state, after.state), [])
            if after.state is not state and word(kind) not in names:
                names.append(word(kind))
    return {way: names for way, names in ways.items() if names}


def _variants(kind: Kind) -> list[Event]:
    event = event_of(kind)
    return [event, found(is_open=False)] if event == found() else [event]


def _present(state: State, event: Event):  # type: ignore[no-untyped-def]
    call = in_state(state)
    if isinstance(event, AnnouncementEnded) and call.playing:
        call = replace(call, playing=event.play)
    if state is State.CLEARING and type(event).__name__ == "CallerGone":
        call = replace(call, ended_at=None, leg=None, cause=HangupCause.NORMAL)
    return call


def page() -> str:
    """The whole page."""
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in sorted(edges().items())]
    races = [
        f"| {state} | {word(kind)} | {why} |" for (state, kind), why in IGNORED.items() if state is not State.ENDED
    ]
    return (
        _HEAD
        + "\n".join([*lines, "    ended --> [*]", "```", "", "## Known races", ""])
        + "\nWhat may come late or twice, and changes nothing. After the end nothing changes a call.\n\n"
        + "\n".join(["| state | what happens | why it changes nothing |", "|---|---|---|", *races])
        + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
