"""Who may look at the board, and what its pages are made from.

Rule of this file: supervisors and administrators; that their orders are theirs to give, the service asks once more.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from engine.service.supervision import LEADERS, Leading
from engine.web.page import AnyPage
from engine.web.session import identity_of


class BoardPage(AnyPage):
    """A page of the board."""

    @property
    def leading(self) -> Leading:
        """What the board works with."""
        return self.web.leading

    @property
    def by_script(self) -> bool:
        """Whether the page's script asks, which wants a part and no page."""
        return "hx-request" in self.request.headers

    def told(self, name: str, status: int = 200, **values: object) -> Response:
        """The HTML of this template as an answer, without a page around it."""
        text = self.web.templates[self.language].get_template(name).render(values)
        return Response(text, status, media_type="text/html")


async def board_page(request: Request) -> BoardPage:
    """Dependency: who leads the agents."""
    await identity_of(request, request.app.state.web, *LEADERS)
    return BoardPage(request, request.state.session)


AtBoard = Annotated[BoardPage, Depends(board_page)]
