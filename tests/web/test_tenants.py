"""Whose data a page shows comes from the session: each role, with and without a customer to act for."""

from __future__ import annotations

import aiohttp
import pytest

from engine.accounts import Role
from engine.web.page import Portal
from engine.web.session import SESSION
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def whose(page: Portal) -> int:
    """A page of the portal that tells whose it is."""
    return page.customer


async def token_of(office: Office, login: str) -> str:
    """A session of that user."""
    return (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token


async def asked(office: Office, token: str, query: str = "") -> tuple[int, str]:
    """Status and text of the page."""
    async with (
        aiohttp.ClientSession(cookies={SESSION: token}) as session,
        session.get(f"{office.url}/whose{query}", allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("Location") or (await answer.text())[:20]


async def test_a_page_shows_the_own_customers_data_whatever_the_address_says(office: Office) -> None:
    office.app.get("/whose")(whose)
    own, other = office.customers["K1001"], office.customers["K1002"]
    token = await token_of(office, LOGIN)
    assert await asked(office, token, f"?customer={other}") == (200, str(own))
    assert await asked(office, "nobody's") == (303, "/sign-in?next=/whose")
    await office.accounts.sign_out(token)
    assert await asked(office, token) == (303, "/sign-in?next=/whose")


@pytest.mark.parametrize(("role", "may_act"), [(Role.SUPPORT, True), (Role.ADMIN, True), (Role.SUPERVISOR, False)])
async def test_staff_sees_a_customers_pages_only_while_acting_for_it(office: Office, role: Role, may_act: bool) -> None:
    office.app.get("/whose")(whose)
    await office.sign_up("ines", "Ines Sommer", role)
    token = await token_of(office, "ines")
    assert (await asked(office, token))[0] == 403
    if may_act:
        await office.accounts.act_for(token, office.customers["K1002"])
        assert await asked(office, token) == (200, str(office.customers["K1002"]))
        await office.accounts.act_for(token, None)
        assert (await asked(office, token))[0] == 403
