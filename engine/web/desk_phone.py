"""The browser as an agent's phone: its page, its account, and the WebSocket by which its SIP reaches the switch.

Rule of this file: only an agent whose phone is a browser, only his own account, only from a page of ours (guards), and
only as long as his session holds, or a talk that was begun in it. An open phone does not count as using the session.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Annotated

import aiohttp
import structlog
from fastapi import APIRouter, Depends, HTTPException, Response, WebSocket
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

from engine.accounts import OVERTIME, Role
from engine.ports.phones import IceServer, PhoneAccount
from engine.service.accounts import Session
from engine.store.database import StoreError
from engine.terms import AgentId, AgentState
from engine.web import leaving, overtime
from engine.web.languages import N_
from engine.web.page import AnyPage, Web, signed_in
from engine.web.phone_talks import LARGEST
from engine.web.relay import SUBPROTOCOL, PhonePage, switch_at
from engine.web.session import session_of

router = APIRouter()
LOOK = 5.0
"""Seconds between two looks whether the session still holds."""
_LONGEST = 64
"""Characters of the name that a page gives its phone."""
_ROLES = (Role.AGENT, Role.SUPERVISOR)
AtDesk = Annotated[AnyPage, Depends(signed_in(*_ROLES))]
log = structlog.get_logger()


@router.get("/desk/phone")
async def window(page: AtDesk) -> Response:
    """The phone in a window of its own: the desk may be loaded anew beside it, and a call goes on."""
    account = await page.web.phones.account(page.identity)
    return page.show("desk/phone_window.html", title=N_("Phone"), is_browser=account is not None)


@router.get("/desk/phone/account")
async def account(page: AtDesk) -> Response:
    """With what the own phone logs in."""
    found = await page.web.phones.account(page.identity)
    if found is None:
        raise HTTPException(404)
    ice = [_ice(one) for one in found.ice]
    facts = {"user": found.user, "password": found.password, "domain": found.domain, "ice": ice}
    return JSONResponse(facts)


@router.put("/desk/phone/talk")
async def keep_talk(page: AtDesk) -> Response:
    """What another page of this agent must know to go on with the talk here."""
    agent, facts = await _at_phone(page), await page.request.body()
    if len(facts) > LARGEST:
        raise HTTPException(413)
    page.web.talks.keep(agent, facts)
    return Response(status_code=204)


@router.get("/desk/phone/talk")
async def fetch_talk(page: AtDesk) -> Response:
    """The same, for that other page."""
    facts = page.web.talks.of(await _at_phone(page))
    if facts is None:
        raise HTTPException(404)
    return Response(facts, media_type="application/json")


async def _at_phone(page: AnyPage) -> AgentId:
    """Whose it is; 404 where the phone is no browser."""
    if page.identity.agent is None or await page.web.phones.account(page.identity) is None:
        raise HTTPException(404)
    return page.identity.agent


@router.websocket("/desk/phone/ws")
async def sip(browser: WebSocket) -> None:
    """SIP over WebSocket (RFC 7118), to and from the switch."""
    web: Web = browser.app.state.web
    session = await session_of(browser, web)
    found = await _account(web, session)
    if session is None or found is None or SUBPROTOCOL not in browser.scope["subprotocols"]:
        log.warning("not_allowed", user=session.identity.user if session else None, path=browser.url.path)
        return await browser.send_denial_response(Response(status_code=403 if session else 401))
    try:
        async with switch_at(web.phones.socket) as switch:
            assert session.identity.agent is not None
            page = _page(browser.query_params.get("window", ""), browser.query_params.get("goes_on", ""))
            await web.sockets.serve(session.identity.agent, page, browser, switch, lambda: _over(web, session))
    except (aiohttp.ClientError, TimeoutError) as problem:
        log.warning("phone_not_connected", why=str(problem))
        await browser.send_denial_response(Response(status_code=503))


def _ice(server: IceServer) -> Mapping[str, str]:
    """As browsers want it (W3C WebRTC, RTCIceServer)."""
    login = {"username": server.user, "credential": server.password} if server.user else {}
    return {"urls": server.url, **login}


def _page(window: str, goes_on: str) -> PhonePage:
    return PhonePage(window[:_LONGEST], goes_on == "yes")


async def _account(web: Web, session: Session | None) -> PhoneAccount | None:
    if session is None or session.identity.role not in _ROLES:
        return None
    return await web.phones.account(session.identity)


async def _over(web: Web, session: Session) -> None:
    """Returns when the session holds no more, or is not this agent's any more, and the talk that it was over in is too.

    The next call is for another page, or another agent: none rings here any more.
    """
    agent, kept = session.identity.agent, tuple[AgentState, ...]()
    assert agent is not None
    while not kept:
        await _looks_again(web, agent)
        kept = await _kept(web, session)
    if web.phone_line.state(agent) in kept:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OVERTIME.total_seconds()):
                await _has_parted(web, session, agent)
    leaving.rings_no_more(web, agent)


async def _looks_again(web: Web, agent: AgentId) -> None:
    """Every now and then, and at once as the agent signs out anywhere."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK):
            await web.leavers.rung(agent, web.leavers.count(agent))


async def _kept(web: Web, session: Session) -> tuple[AgentState, ...]:
    """In which states a call is brought to its end here, as the session's time is over, or somebody has ended it.

    None of them: it holds, or nobody can say, for a database that is away must end no conversation.
    """
    try:
        ends = await overtime.until(web, session)
        if ends is not None and ends > web.clock.now():
            return ()
        await leaving.is_over(web, session)
    except (StoreError, DBAPIError):
        return ()
    return (AgentState.TALKING,) if ends is None else (AgentState.TALKING, AgentState.RINGING)


async def _has_parted(web: Web, session: Session, agent: AgentId) -> None:
    """Wait until the agent has another call than now, or none; that is told at once."""
    call = web.phone_line.call(agent)
    while web.phone_line.call(agent) == call:
        seen = web.desk.seen(session.identity)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await web.desk.changed(session.identity, seen)
