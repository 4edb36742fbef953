"""Who asks: a program with a token, which is worth what its user is worth at the moment.

Rule of this file: a token comes in the header `Authorization: Bearer` (RFC 6750, §2.1) and nowhere else, so no browser
sends it of its own accord and no page of others can use it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Annotated

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from engine.accounts import Identity, Refused, Role, Why
from engine.terms import CustomerId
from engine.web.api.problems import Problem
from engine.web.page import Web
from engine.web.session import address_of

log = structlog.get_logger()
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token made at `/account/tokens`, beginning with `vz_`."
)
_Shown = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


class Caller:
    """One request's user, and the services."""

    def __init__(self, web: Web, identity: Identity) -> None:
        """Nothing asked yet."""
        self.web, self.identity = web, identity

    @property
    def own(self) -> CustomerId:
        """The customer whose user it is. Raises Problem for staff, who name a customer in the address."""
        if self.identity.tenant is None:
            raise Problem(403, "not-for-this-role")
        return self.identity.tenant

    async def customer(self, number: str) -> CustomerId:
        """The customer with this number. Raises Problem, the same for one that is none of the user's business."""
        found = await self.web.accounts.customer_of(number)
        if found is None or not self.identity.sees(found):
            raise Problem(404, "unknown")
        return found

    async def whose(self, number: str | None) -> CustomerId | None:
        """The customer that is meant: a customer's users mean their own, staff nobody unless they name one."""
        if number is not None:
            return await self.customer(number)
        return self.identity.customer if self.identity.role is Role.CUSTOMER else None

    async def one(self, number: str | None) -> CustomerId:
        """The same, where one must be meant. Raises Problem."""
        found = await self.whose(number)
        if found is None:
            raise Problem(422, "malformed", "name the customer, e.g. ?customer=K1001", mistakes=[])
        return found


def caller(*roles: Role) -> Callable[[Request, _Shown], Awaitable[Caller]]:
    """Dependency: only these roles, all if none is named."""

    async def of(request: Request, shown: _Shown) -> Caller:
        web: Web = request.app.state.web
        if shown is None:
            raise Problem(401, "no-token")
        try:
            identity = await web.accounts.let_in(shown.credentials, address=address_of(request))
        except Refused as refused:
            if refused.why is Why.THROTTLED:
                raise Problem(429, "too-many-failures", wait=ceil(refused.retry_after)) from None
            raise Problem(401, "no-token") from None
        if roles and identity.role not in roles:
            log.warning("not_allowed", user=identity.user, method=request.method, path=request.url.path)
            raise Problem(403, "not-for-this-role")
        return Caller(web, identity)

    return of


Anybody = Annotated[Caller, Depends(caller())]
Customers = Annotated[Caller, Depends(caller(Role.CUSTOMER))]
Support = Annotated[Caller, Depends(caller(Role.SUPPORT, Role.ADMIN))]
Managers = Annotated[Caller, Depends(caller(Role.CUSTOMER, Role.SUPPORT, Role.ADMIN))]
