"""Draws the states of a listening of its table: `python -m tests.rules.listening_diagram` makes docs/listening.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.listening.machine import IGNORED, TABLE, Kind, step
from engine.listening.state import Listening, State
from tests.rules.calls import NOON
from tests.rules.listenings import event_of, in_state

PAGE = Path(__file__).parents[2] / "docs" / "listening.md"
_HEAD = """# The states of listening in

Drawn from the table in `engine/listening/machine.py` by `python -m tests.rules.listening_diagram`; a test compares.

```mermaid
stateDiagram-v2
    [*] --> ringing: ordered
"""


def _word(kind: Kind) -> str:
    return kind.__name__ if isinstance(kind, type) else f"timer {kind}"


def _present(state: State) -> Iterator[Listening]:
    """One in that state; in CLEARING also such as only one channel is left of."""
    listening = in_state(state)
    yield listening
    if state is State.CLEARING:
        yield replace(listening, has_leg=False)
        yield replace(listening, has_snoop=False)


def _edges() -> dict[tuple[State, State], list[str]]:
    ways: dict[tuple[State, State], list[str]] = {}
    for state, kind in TABLE:
        for listening in _present(state):
            after, _ = step(listening, event_of(kind), NOON)
            names = ways.setdefault((state, after.state), [])
            if after.state is not state and _word(kind) not in names:
                names.append(_word(kind))
    return {way: names for way, names in ways.items() if names}


def page() -> str:
    """The whole page."""
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in sorted(_edges().items())]
    rows = [
        f"| {state} | {_word(kind)} | {why} |" for (state, kind), why in IGNORED.items() if state is not State.ENDED
    ]
    races = ["| state | what happens | why it changes nothing |", "|---|---|---|", *rows]
    said = "What may come late or twice, and changes nothing. After the end nothing changes a listening."
    return "\n".join(
        [_HEAD + lines[0], *lines[1:], "    ended --> [*]", "```", "", "## Known races", "", said, "", *races, ""]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
