"""Who may sit at a desk, and what every page and stream of it is made from.

Rule of this file: whose desk it is comes from the session alone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from engine.accounts import Role
from engine.ports.desk import DeskAgent
from engine.service.desk import Desk
from engine.terms import AgentId, CallId
from engine.web.page import AnyPage
from engine.web.session import identity_of


class DeskPage(AnyPage):
    """A page of one agent's desk."""

    _is_phone: bool | None = None

    @property
    def desk(self) -> Desk:
        """What the desk works with."""
        return self.web.desk

    @property
    def login(self) -> AgentId:
        """Whose it is."""
        assert self.identity.agent is not None
        return self.identity.agent

    @property
    def is_late(self) -> bool:
        """Whether the session's time is over, and it holds for a talk and its message alone."""
        return self.session.expires <= self.web.clock.now()

    @property
    def agent(self) -> DeskAgent | None:
        """How this agent stands; None = the engine does not know of him (yet)."""
        return self.desk.agent(self.identity)

    async def is_phone(self) -> bool:
        """Whether the agent's telephone is the browser. Raises StoreError until it has once been there."""
        if self._is_phone is None:
            self._is_phone = await self.web.phones.account(self.identity) is not None
        return self._is_phone

    @property
    def is_known_as_phone(self) -> bool:
        """The same as far as it was asked for."""
        return bool(self._is_phone)

    @property
    def by_script(self) -> bool:
        """Whether the page's script asks, which wants a part and no page."""
        return "hx-request" in self.request.headers

    def part(self, name: str, **values: Any) -> str:
        """The HTML of this template, without a page around it."""
        return self.web.templates[self.language].get_template(name).render(values)

    def macro(self, name: str, macro: str, *values: Any) -> str:
        """What this macro makes: cheaper than a template for what is made often, its imports are done once."""
        made: str = getattr(self.web.templates[self.language].get_template(name).module, macro)(*values)
        return made

    def told(self, name: str, status: int = 200, **values: Any) -> Response:
        """The same as an answer."""
        return Response(self.part(name, **values), status, media_type="text/html")

    def ring(self) -> None:
        """Let the other pages of this agent look again."""
        self.web.bells.ring(self.login)
        self.drafted()

    def ring_beside(self, call: CallId) -> None:
        """Let who has the call after this agent look at what was written down."""
        for login in self.desk.beside(self.identity, call):
            self.web.bells.ring(login)

    @property
    def draft(self) -> str:
        """The edition of this agent's drafts; another one after a restart."""
        return f"{self.web.drafts.of}-{self.web.drafts.count(self.login)}"

    def drafted(self) -> None:
        """What was typed is not as it was: let the other pages of this agent read it again, and nothing else."""
        self.web.drafts.ring(self.login)


async def desk_page(request: Request) -> DeskPage:
    """Dependency: agents, and supervisors who are one."""
    identity = await identity_of(request, request.app.state.web, Role.AGENT, Role.SUPERVISOR)
    if identity.agent is None:
        raise HTTPException(403)
    return DeskPage(request, request.state.session)


AtDesk = Annotated[DeskPage, Depends(desk_page)]
