"""The parts of a desk that change by themselves, each as HTML: state, line, team, today's calls, the call.

Rule of this file: a part says the same in the same bytes as long as nothing has changed, so times that run are moments
and the page's script counts. Of a customer only what is released is here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from engine.ports.desk import DeskAgent, DeskCall, OwnCall
from engine.service.desk import Card
from engine.terms import AgentState, CallId
from engine.web.desk import words as said
from engine.web.desk.page import DeskPage
from engine.web.languages import N_
from engine.web.portal import attendance, call_words, message_words
from engine.web.portal.company import LABELS

Values = dict[str, Any]
"""What the template of a part is filled with."""
GLANCE = ("line", "team")
"""The parts that are everybody's."""


async def whole(page: DeskPage) -> dict[str, Values]:
    """All of them, by the name of the part, which is its template's too."""
    agent, calls = page.agent, await page.desk.calls(page.identity)
    call = agent.call if agent and agent.call and agent.call.ended_at is None else None
    day = {"calls": calls, "said": said, "present": call.id if call else ""}
    return {
        "call": await _call(page, agent, calls),
        "state": {"agent": agent, "said": said},
        "calls": day,
        "figures": {**day, "today": page.desk.of_today(calls)},
        **glance(page),
    }


def glance(page: DeskPage) -> dict[str, Values]:
    """The line, and who else is there."""
    return {
        "line": {"line": page.desk.line(page.identity)},
        "team": {"team": page.desk.team(page.identity), "said": said, "login": page.login},
    }


async def whole_page(page: DeskPage, note: Values, status: int = 200) -> Response:
    """The desk as a page, with this form."""
    made = {name: value for values in (await whole(page)).values() for name, value in values.items()}
    is_phone = await page.web.phones.account(page.identity) is not None
    keys = (*said.PHONE_KEYS, *said.KEYS) if is_phone else said.KEYS
    shown = {**made, **note, "keys": keys, "is_phone": is_phone, "now": page.web.clock.now()}
    return page.show("desk/desk.html", status, title=N_("Desk"), **shown)


def html(page: DeskPage, parts: Mapping[str, Values]) -> dict[str, str]:
    """Each of them as it is shown."""
    return {name: page.part(f"desk/{name}.html", **values) for name, values in parts.items()}


async def _call(page: DeskPage, agent: DeskAgent | None, calls: Sequence[OwnCall]) -> Values:
    """The call at the desk; nothing where there is none."""
    there = at_desk(agent, calls)
    card = await page.desk.card(page.identity) if there else None
    return _card(page, card, agent) if card and agent else {"card": None}


def at_desk(agent: DeskAgent | None, calls: Sequence[OwnCall]) -> DeskCall | None:
    """The call that is looked at: the one that is there, and the last one as long as it is to be closed."""
    if agent is None or agent.call is None:
        return None
    is_there = agent.call.ended_at is None or agent.state is AgentState.WRAP_UP
    return agent.call if is_there or _is_open(agent.call.id, calls) else None


def _is_open(call: CallId, calls: Sequence[OwnCall]) -> bool:
    """One that has just ended may not be in the list yet."""
    return next((one.is_open for one in calls if one.call == call), True)


def _card(page: DeskPage, card: Card, agent: DeskAgent) -> Values:
    now, shown = page.web.clock.now(), card.directory
    present = [(one, attendance.said(one.presence, now, page.words)) for one in shown.contacts]
    company = [(LABELS[name], getattr(shown.company, name)) for name in LABELS]
    return {
        "card": card,
        "call": card.call,
        "agent": agent,
        "contacts": present,
        "company": [(label, value) for label, value in company if value],
        "rings": agent.state is AgentState.RINGING,
        "said": said,
        "outcome": lambda word: call_words.outcome(word, page.words),
        "everybody": message_words.EVERYBODY,
    }
