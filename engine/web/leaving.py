"""Agents who sign out, or whose session ends: they take no more calls.

Rule of this file: a call that is there is not touched, whoever has a telephone goes on with it; who has another session
that holds is still there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from engine.accounts import Role
from engine.acd.agents import SESSION_OVER, SIGNED_OUT
from engine.service.accounts import Session
from engine.store.database import StoreError
from engine.terms import AgentId, AgentState
from engine.web import live

if TYPE_CHECKING:
    from engine.web.page import Web

_AT_DESKS = (Role.AGENT, Role.SUPERVISOR)
_IN_CALL = (AgentState.RINGING, AgentState.TALKING)


def is_in_call(web: Web, session: Session) -> bool:
    """Whether it is an agent's whose telephone rings, or who talks."""
    who = session.identity
    agent = web.desk.agent(who) if who.agent is not None and who.role in _AT_DESKS else None
    return agent is not None and agent.state in _IN_CALL


async def signs_out(web: Web, session: Session) -> None:
    """He has said so, at any page of his."""
    if session.identity.agent is None:
        return
    try:
        async with asyncio.timeout(live.PATIENCE):
            is_last = not await _others(web, session)
    except (StoreError, DBAPIError, TimeoutError):  # nobody can say: better no call than one that nobody takes
        is_last = True
    if is_last:
        web.phone_line.leaves(session.identity.agent, SIGNED_OUT)


def has_left(web: Web, session: Session) -> None:
    """The session is ended: what rings at a browser by it is another agent's at once."""
    if session.identity.agent is not None:
        web.leavers.ring(session.identity.agent)


def rings_no_more(web: Web, agent: AgentId) -> None:
    """What rings at the browser of somebody who is gone is another agent's at once; a talk is left alone."""
    if web.phone_line.state(agent) is AgentState.RINGING:
        web.phone_line.closed(agent)
        web.phone_line.lost(agent)


async def is_over(web: Web, session: Session) -> None:
    """A session has ended while something of it was open. Raises StoreError."""
    if session.identity.agent is not None and not await _others(web, session):
        web.phone_line.leaves(session.identity.agent, SESSION_OVER)


async def _others(web: Web, session: Session) -> Sequence[Session]:
    """The agent's other sessions that hold. Raises StoreError."""
    there = await web.accounts.sessions(session.identity.user)
    return [one for one in there if one.id != session.id and one.identity.agent == session.identity.agent]
