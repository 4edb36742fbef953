"""Agents, their telephones and groups: listed with what they do just now, made, changed, removed.

Rule of this file: the password of a telephone is shown once, in the answer to what has made it.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Response

from engine.accounts import Action, who_may
from engine.entries import AgentEntry, Catalogue, GroupEntry
from engine.service.people import Gone, Written
from engine.terms import AgentId, AgentState, PhoneKind
from engine.web.admin.editing import EntryPart
from engine.web.desk import words
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_, as_written
from engine.web.page import AnyPage, signed_in

HOME = "/admin/agents"
router = APIRouter(prefix=HOME)
Admin = Annotated[AnyPage, Depends(signed_in(*who_may(Action.MANAGE_AGENTS)))]
KINDS = {
    PhoneKind.REGISTERED.value: N_("A telephone that signs in with us"),
    PhoneKind.BROWSER.value: N_("In the browser"),
    PhoneKind.STATIC.value: N_("A telephone at a fixed address"),
}
STATES = {
    AgentState.OFFLINE: N_("not at work"),
    AgentState.READY: N_("ready"),
    AgentState.RINGING: N_("is being rung"),
    AgentState.TALKING: N_("talking"),
    AgentState.WRAP_UP: N_("finishing a call"),
    AgentState.PAUSED: N_("on a break"),
}
_ANY_ADDRESS = ("0.0.0.0", "::")
_LOGIN = Field(
    "login", N_("Short name"), hint=N_("The telephone signs in by it, such as “anna”. It cannot be changed.")
)
_NAME = Field("name", N_("Name"), hint=N_("What callers hear in the greeting."))
_KIND = Field("phone.kind", N_("Telephone"), Kind.RADIOS, choices=KINDS)
_URI = Field(
    "phone.uri",
    N_("Address of the telephone"),
    hint=N_("Only of a telephone at a fixed address, such as sip:anna@192.0.2.1:5060."),
    optional=True,
)
_SKILLS = Field(
    "skills",
    N_("Skills"),
    Kind.LINES,
    N_("One on each line, such as “german”. Customers can ask for them."),
    optional=True,
)
_GROUP = FormOf(GroupEntry, (Field("name", N_("Name of the new group")),))


@router.get("")
async def show_all(page: Admin) -> Response:
    """Everybody who answers."""
    return await _listed(page, _GROUP.show(page.words))


@router.post("/groups")
async def add_group(page: Admin) -> Response:
    """One more group that agents can be in."""
    form, status, written = await EntryPart("groups", _GROUP).add(page)
    return await _listed(page, form, status) if written is None else page.go(HOME, _word(written))


@router.get("/new")
async def offer(page: Admin) -> Response:
    """A new agent."""
    form = _form(await page.web.people.all(), is_new=True).show(page.words, phone={"kind": PhoneKind.REGISTERED.value})
    return _page(page, form, "")


@router.post("/new")
async def add(page: Admin) -> Response:
    """One more; the answer has the telephone's password."""
    part = EntryPart("agents", _form(await page.web.people.all(), is_new=True))
    form, status, written = await part.add(page)
    return _page(page, form, "", status) if written is None else _done(page, written)


@router.get("/{agent}/edit")
async def show(page: Admin, agent: str) -> Response:
    """One agent."""
    return _page(page, await (await _part(page, agent)).show(page), agent)


@router.post("/{agent}/edit")
async def save(page: Admin, agent: str) -> Response:
    """At once, also for who is at work."""
    form, status, written = await (await _part(page, agent)).save(page)
    return _page(page, form, agent, status) if written is None else _done(page, written)


@router.post("/{agent}/password")
async def renew(page: Admin, agent: str) -> Response:
    """Another password for the telephone; the answer has it."""
    try:
        return _done(page, await page.web.people.renew_password(agent, page.identity))
    except Gone:
        raise HTTPException(404) from None


@router.get("/{agent}/remove")
async def ask(page: Admin, agent: str) -> Response:
    """Whether the agent shall really go."""
    entry = await EntryPart("agents", _form(Catalogue()), agent).entry(page)
    logins = await page.web.people.logins()
    return page.show("admin/agent_remove.html", agent=entry, login=logins.get(AgentId(agent)), home=HOME)


@router.post("/{agent}/remove")
async def remove(page: Admin, agent: str) -> Response:
    """The agent goes, after the call that there may be."""
    try:
        return page.go(HOME, _word(await page.web.people.remove(("agents", agent), page.identity), "removed"))
    except Gone:
        raise HTTPException(404) from None


def _form(there: Catalogue, *, is_new: bool = False) -> FormOf[AgentEntry]:
    groups = as_written(group.name for group in there.groups)
    choices = [Field("groups", N_("Groups"), Kind.CHECKS, optional=True, choices=groups)] if groups else []
    return FormOf(AgentEntry, (*([_LOGIN] if is_new else []), _NAME, _KIND, _URI, *choices, _SKILLS))


async def _part(page: AnyPage, agent: str) -> EntryPart[AgentEntry]:
    return EntryPart("agents", _form(await page.web.people.all()), agent)


async def _listed(page: AnyPage, form: Form[GroupEntry], status: int = 200) -> Response:
    people = page.web.people
    there, logins = await people.all(), await people.logins()
    return page.show(
        "admin/agents.html",
        status,
        title=N_("Agents"),
        agents=[(one, people.agent_now(one.login), logins.get(AgentId(one.login))) for one in there.agents],
        groups=there.groups,
        form=form,
        kinds=KINDS,
        states=STATES,
        pause=lambda reason: words.pause(reason, page.words),
        is_ours=people.is_taken_over,
    )


def _page(page: AnyPage, form: Form[AgentEntry], agent: str, status: int = 200) -> Response:
    return page.show(
        "admin/agent.html",
        status,
        title=agent or page.words(N_("New agent")),
        form=form,
        agent=agent,
        action=f"{HOME}/{quote(agent)}/edit" if agent else f"{HOME}/new",
        has_password=bool(agent) and form.value("phone.kind") == PhoneKind.REGISTERED,
    )


def _done(page: AnyPage, written: Written) -> Response:
    """On to the list; or first the password, where there is one to type into a telephone."""
    agent = written.entry
    assert isinstance(agent, AgentEntry)
    if written.password is None or agent.phone.kind is not PhoneKind.REGISTERED:
        return page.go(HOME, _word(written))
    host, port = page.web.people.sip_server
    reached = page.request.url.hostname if host in _ANY_ADDRESS else host
    return page.show(
        "admin/password.html", 201, title=N_("Password of the telephone"), agent=agent, password=written.password,
        taken_over=written.taken_over, server=f"{reached}:{port}", home=HOME,
    )  # fmt: skip


def _word(written: Written, word: str = "at_once") -> str:
    return word if written.taken_over else "not_taken_over"
