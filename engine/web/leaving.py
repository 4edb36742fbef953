"""Agents who sign out, or whose session ends: they take no more calls.

Rule of this file: a call that is there is not touched, whoever has a telephone goes on with it; who has another session
that holds is still there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.accounts import Role
from engine.acd.agents import SESSION_OVER, SIGNED_OUT
from engine.service.accounts import Session
from engine.terms import AgentId, AgentState

if TYPE_CHECKING:
    from engine.web.page import Web

_AT_DESKS = (Role.AGENT, Role.SUPERVISOR)
_IN_CALL = (AgentState.RINGING, AgentState.TALKING)


def is_in_call(web: Web, session: Session) -> bool:
    """Whether it is an agent's whose telephone rings, or who talks."""
    who = session.identity
    agent = web.desk.agent(who) if who.agent is not None and who.role in _AT_DESKS else None
    return agent is not None and agent.state in _IN_CALL


def signs_out(web: Web, session: Session) -> None:
    """He has said so, at any page of his."""
    if session.identity.agent is not None:
        web.phone_line.leaves(session.identity.agent, SIGNED_OUT)


def rings_no_more(web: Web, agent: AgentId) -> None:
    """What rings at the browser of somebody who is gone is another agent's at once; a talk is left alone."""
    if web.phone_line.state(agent) is AgentState.RINGING:
        web.phone_line.closed(agent)
        web.phone_line.lost(agent)


async def is_over(web: Web, session: Session) -> None:
    """A session has ended while something of it was open. Raises StoreError."""
    who = session.identity
    others = await web.accounts.sessions(who.user)
    if who.agent is not None and not any(one.identity.agent == who.agent for one in others):
        web.phone_line.leaves(who.agent, SESSION_OVER)
