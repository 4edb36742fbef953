"""The floor as HTML in one language: rows of callers and agents, and the figures of the day.

Rules of this file: a row says the same in the same bytes as long as nothing of it has changed, so a row is drawn once
and known from then on. Nothing here depends on who looks.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from engine.ports.desk import DeskAgent
from engine.ports.supervision import Listener, WaitingCall
from engine.service.customers import ZONE
from engine.service.floor_day import FloorDay
from engine.service.supervision import FloorNow
from engine.terms import AgentId
from engine.web.board import words as said
from engine.web.desk import words as desk_words

Rows = dict[str, Markup]
"""HTML by key, in order."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything on the board at one moment. `lists`: waiting, team; `parts`: what is written as a whole."""

    lists: Mapping[str, Rows]
    parts: Mapping[str, Markup]


class Drawing:
    """Draws in one language, and knows what it has drawn."""

    def __init__(self, environment: Environment) -> None:
        """Nothing is drawn yet."""
        # A template's module is made once; `render` would make its imports anew for each row.
        self._macros = {name: environment.get_template(f"board/{name}.html").module for name in ("rows", "parts")}
        self._known: dict[str, dict[Hashable, Markup]] = {"waiting": {}, "team": {}}
        self._figures: tuple[FloorDay | None, Markup] | None = None

    def draw(self, floor: FloorNow, ready: bool, *days: FloorDay | None) -> Drawn:
        """Everything. `ready`: the switch is there; `days`: today, None if the store is away; none = not asked yet."""
        names = {one.login: one.name for one in floor.team}
        heard = {one.agent: one for one in floor.listeners}
        lists = {
            "waiting": self._rows("waiting", [_caller(one, names) for one in floor.waiting]),
            "team": self._rows("team", [_member(one, heard, names) for one in floor.team]),
        }
        parts = {"count": self._made("parts", "count", floor.waiting), "health": self._made("parts", "health", ready)}
        for day in days:
            if self._figures is None or self._figures[0] != day:
                self._figures = day, self._made("parts", "figures", day, span)
            parts["figures"] = self._figures[1]
        return Drawn(lists, parts)

    def _rows(self, name: str, shown: Sequence[tuple[str, Hashable, Any]]) -> Rows:
        before, after = self._known[name], dict[Hashable, Markup]()
        for _, what, values in shown:
            after[what] = before.get(what) or self._made("rows", name, *values)
        self._known[name] = after
        return {key: after[what] for key, what, _ in shown}

    def _made(self, template: str, macro: str, *values: Any) -> Markup:
        made: Markup = getattr(self._macros[template], macro)(*values)
        return made


def _caller(caller: WaitingCall, names: Mapping[AgentId, str]) -> tuple[str, Hashable, Any]:
    # How many could answer changes with every agent, in each row; shown is whether anybody could.
    one = replace(caller, could_answer=min(caller.could_answer, 1))
    called = {login: names.get(login, login) for login in (one.rings_at, one.kept_for) if login}
    deadline = one.call.arrived_at + timedelta(seconds=one.max_wait) if one.max_wait is not None else None
    return one.call.id, (one, *called.items()), (one, called, deadline, clock, said)


def _member(
    one: DeskAgent, heard: Mapping[AgentId, Listener], names: Mapping[AgentId, str]
) -> tuple[str, Hashable, Any]:
    listener = heard.get(one.login)
    by = names.get(listener.supervisor, listener.supervisor) if listener else ""
    return one.login, (one, listener, by), (one, listener, by, clock, desk_words)


def clock(moment: datetime) -> str:
    """The time of day, for who has no script: German time, as German and English write it alike."""
    return f"{moment.astimezone(ZONE):%H:%M}"


def span(seconds: float | None) -> str:
    """A time of the figures as `m:ss`; a dash where there was none."""
    return "–" if seconds is None else desk_words.span(timedelta(seconds=round(seconds)))
