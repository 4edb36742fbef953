"""The parts of a desk that change by themselves, each as HTML: state, line, team, news, today's calls, the call.

Rule of this file: a part says the same in the same bytes as long as nothing has changed, so times that run are moments
and the page's script counts. Of a customer only what is released is here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Response
from markupsafe import Markup

from engine.accounts import Role
from engine.ports.desk import DeskAgent, DeskCall, OwnCall
from engine.ports.putting_through import Stage
from engine.service.customers import NoSuchCustomer
from engine.service.desk_card import Card
from engine.terms import AgentId, AgentState, CallId
from engine.web.desk import through_words
from engine.web.desk import words as said
from engine.web.desk.instead import labels
from engine.web.desk.page import DeskPage
from engine.web.desk.through_words import Progress
from engine.web.languages import N_
from engine.web.portal import attendance, call_words, message_words
from engine.web.portal.company import LABELS

Values = dict[str, Any]
"""What the template of a part is filled with."""


async def own(page: DeskPage) -> dict[str, Values]:
    """What is this agent's, by the name of the part, which is its template's too."""
    await page.web.news.load()
    agent, calls = page.agent, await page.desk.calls(page.identity)
    call = agent.call if agent and agent.call and agent.call.ended_at is None else None
    own = await page.desk.unfinished(page.identity, page.session.expires) if page.is_late else None
    day = {"calls": calls, "said": said, "present": call.id if call else "", "own": own}
    return {
        "call": await _call(page, agent, calls),
        "before": await _before(page, at_desk(agent, calls)),
        "instead": await _instead(page, at_desk(agent, calls)),
        "through": through(page, at_desk(agent, calls)),
        "state": {"agent": agent, "said": said, "is_phone": await page.is_phone()},
        "calls": day,
        "figures": {**day, "today": page.desk.of_today(calls)},
    }


def without_store(page: DeskPage, before: Values) -> dict[str, Values]:
    """What the engine knows by itself of this agent, while the store is away: state, and the call's own facts.

    `before`: the call as it was shown last; of the same call what the customer has told stays.
    """
    agent = page.agent
    there, card = at_desk(agent, ()), before.get("card")
    shown: Values = {"card": None, "alone": None}
    if agent and there and card and card.call.id == there.id:
        shown = {**before, "card": replace(card, call=there), "call": there, "agent": agent, **_moment(agent)}
    elif agent and there:
        shown = {**shown, "alone": there, "call": there, "agent": agent, **_moment(agent)}
    state = {"agent": agent, "said": said, "is_phone": page.is_known_as_phone}
    return {"call": {**shown, "is_away": True}, "through": through(page, there), "state": state}


def through(page: DeskPage, call: DeskCall | None) -> Values:
    """How putting the caller of this call through stands; also without the store."""
    transfer = call.transfer if call else None
    progress = Progress(transfer, page.words) if transfer else None
    return {"through_call": call, "progress": progress, "through_said": through_words}


async def _before(page: DeskPage, call: DeskCall | None) -> Values:
    """What was before this agent's own talk in the call."""
    left = await page.desk.left(page.identity, call.id) if call and call.before else ()
    drafts = [one for one in left if one.written.draft]
    return {"left": left, "left_of": call, "offered": drafts[-1] if drafts else None, "said": said}


async def _instead(page: DeskPage, call: DeskCall | None) -> Values:
    """What the contacts of the call's customer are called in its form; nothing where the customer is gone."""
    try:
        entry = await page.web.customers.known(call.customer) if call else None
    except NoSuchCustomer:
        entry = None
    found = labels(entry, page.web.clock.now(), page.words) if entry else []
    return {"labels": found, "labels_of": call.id if call and found else ""}


def html(page: DeskPage, parts: Mapping[str, Values]) -> dict[str, str]:
    """Each of them as it is shown."""
    return {name: page.part(f"desk/{name}.html", **values) for name, values in parts.items()}


def glance(page: DeskPage) -> dict[str, str]:
    """The line and the news as they are shown: made once for all."""
    seen, language, shared = page.desk.seen(page.identity), page.language, page.web.shared
    line = shared.once(
        seen, ("line", language), lambda: page.part("desk/line.html", line=page.desk.line(page.identity))
    )
    told = tuple(page.web.news.shown)
    news = shared.made(("news", language, told), lambda: page.part("desk/news.html", news=told))
    return {"line": line, "news": news}


def team(page: DeskPage) -> dict[AgentId, str]:
    """Who else is there, a row for each by login: made once for all, but for the agent's own."""
    seen, shared = page.desk.seen(page.identity), page.web.shared
    there = shared.once(seen, "there", lambda: {one.login: one for one in page.desk.team(page.identity)})
    rows = shared.once(seen, ("team", page.language), lambda: {one.login: _row(page, one) for one in there.values()})
    me = there.get(page.login)
    return {**rows, page.login: _row(page, me, is_own=True)} if me else rows


def team_html(page: DeskPage, rows: Mapping[AgentId, str]) -> str:
    """All of them as the page has them."""
    return page.part("desk/team.html", team=[Markup(one) for one in rows.values()])


def _row(page: DeskPage, one: DeskAgent, *, is_own: bool = False) -> str:
    return page.web.shared.made(
        (page.language, one, is_own), lambda: page.macro("desk/team_row.html", "row", one, said, is_own)
    )


async def whole_page(page: DeskPage, note: Values, status: int = 200, refused: str = "") -> Response:
    """The desk as a page, with this form. `refused`: why nobody was put through just now."""
    made = {name: value for values in (await own(page)).values() for name, value in values.items()}
    looked = {**glance(page), "team": team_html(page, team(page))}
    made |= {name: Markup(html) for name, html in looked.items()}
    keys = (*(said.PHONE_KEYS if await page.is_phone() else ()), *said.KEYS)
    keys += said.LISTENING_KEYS if page.identity.role is Role.SUPERVISOR else ()
    shown = {**made, **note, "keys": keys, "now": page.web.clock.now(), "refused": refused}
    return page.show("desk/desk.html", status, title=N_("Desk"), **shown)


async def _call(page: DeskPage, agent: DeskAgent | None, calls: Sequence[OwnCall]) -> Values:
    """The call at the desk; nothing where there is none."""
    there = at_desk(agent, calls)
    card = await page.desk.card(page.identity) if there else None
    return _card(page, card, agent) if card and agent else {"card": None, "alone": None}


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
        "alone": None,
        "is_away": False,
        "call": card.call,
        "agent": agent,
        "contacts": present,
        "offers": {one.name: one for one in card.offers.contacts} if card.offers and not card.offers.why_not else {},
        "why_not": said.WHY_NOT[card.offers.why_not] if card.offers and card.offers.why_not else "",
        "kind": lambda mobile: through_words.kind(mobile, page.words),
        "company": [(label, value) for label, value in company if value],
        **_moment(agent),
        "said": said,
        "outcome": lambda word: call_words.outcome(word, page.words),
        "everybody": message_words.EVERYBODY,
    }


def _moment(agent: DeskAgent) -> Values:
    call = agent.call
    is_free = call is not None and call.picked_up_at is not None and call.ended_at is None
    is_through = call is not None and call.transfer is not None and call.transfer.stage is not Stage.BACK
    return {"rings": agent.state is AgentState.RINGING, "may_begin": is_free and not is_through}
