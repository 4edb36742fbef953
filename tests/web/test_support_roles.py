"""Every route of support's and of the users' pages, for every role: who gets in, and who is told 403 or 404."""

from __future__ import annotations

import pytest

from engine.accounts import Action, Role, roles
from engine.terms import AgentId
from engine.web.admin import agents, log, trunks
from engine.web.portal import orders as portal_orders
from engine.web.portal import users as portal_users
from engine.web.support import blocked, customer, editing, history, hours, incidents, making, orders, start, users
from tests.catalogue import service_on
from tests.web.asking import Asker, asking, version
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.programs import program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
SUPPORT, ADMIN, PORTAL = {Role.SUPPORT, Role.ADMIN}, {Role.ADMIN}, {Role.CUSTOMER}
TABLE = {
    ("GET", "/support"): SUPPORT,
    ("GET", "/support/customers/new"): SUPPORT,
    ("POST", "/support/customers/new"): SUPPORT,
    ("GET", "/support/customers/{number:path}"): SUPPORT,
    ("POST", "/support/customers/{number:path}/act"): SUPPORT,
    ("POST", "/support/customers/{number:path}/block"): SUPPORT,
    ("POST", "/support/customers/{number:path}/unblock"): SUPPORT,
    ("GET", "/support/customers/{number:path}/edit/{part}"): SUPPORT,
    ("POST", "/support/customers/{number:path}/edit/{part}"): SUPPORT,
    ("GET", "/support/customers/{number:path}/hours"): SUPPORT,
    ("POST", "/support/customers/{number:path}/hours"): SUPPORT,
    ("GET", "/support/customers/{number:path}/log"): SUPPORT,
    ("GET", "/support/customers/{number:path}/incidents"): SUPPORT,
    ("GET", "/support/incidents"): SUPPORT,
    ("GET", "/support/marked"): SUPPORT,
    ("GET", "/support/customers/{number:path}/blocked"): SUPPORT,
    ("POST", "/support/customers/{number:path}/blocked"): SUPPORT,
    ("POST", "/support/customers/{number:path}/blocked/unblock"): SUPPORT,
    ("POST", "/support/customers/{number:path}/blocked/dismiss"): SUPPORT,
    ("GET", "/support/orders"): SUPPORT,
    ("GET", "/support/orders/{order}"): SUPPORT,
    ("POST", "/support/orders/{order}"): SUPPORT,
    ("POST", "/support/orders/{order}/done"): SUPPORT,
    ("GET", "/admin/users"): ADMIN,
    ("POST", "/admin/users"): ADMIN,
    ("POST", "/admin/users/{user}/link"): ADMIN,
    ("POST", "/admin/users/{user}/disable"): ADMIN,
    ("POST", "/admin/users/{user}/enable"): ADMIN,
    ("GET", "/admin/agents"): ADMIN,
    ("POST", "/admin/agents/groups"): ADMIN,
    ("GET", "/admin/agents/new"): ADMIN,
    ("POST", "/admin/agents/new"): ADMIN,
    ("GET", "/admin/agents/{agent}/edit"): ADMIN,
    ("POST", "/admin/agents/{agent}/edit"): ADMIN,
    ("POST", "/admin/agents/{agent}/password"): ADMIN,
    ("GET", "/admin/agents/{agent}/remove"): ADMIN,
    ("POST", "/admin/agents/{agent}/remove"): ADMIN,
    ("GET", "/admin/trunks"): ADMIN,
    ("GET", "/admin/trunks/new"): ADMIN,
    ("POST", "/admin/trunks/new"): ADMIN,
    ("GET", "/admin/trunks/{trunk}/edit"): ADMIN,
    ("POST", "/admin/trunks/{trunk}/edit"): ADMIN,
    ("GET", "/admin/trunks/{trunk}/remove"): ADMIN,
    ("POST", "/admin/trunks/{trunk}/remove"): ADMIN,
    ("GET", "/admin/log"): ADMIN,
    ("GET", "/orders"): PORTAL,
    ("POST", "/orders"): PORTAL,
    ("GET", "/account/users"): PORTAL,
    ("POST", "/account/users"): PORTAL,
    ("POST", "/account/users/{user}/link"): PORTAL,
    ("POST", "/account/users/{user}/disable"): PORTAL,
    ("POST", "/account/users/{user}/enable"): PORTAL,
}
"""Which roles may use a route, without working as a customer."""
MODULES = (
    *(customer, editing, history, hours, incidents, making, orders, start, users, portal_orders, portal_users),
    *(agents, trunks, log, blocked),
)
AGENT = "agents: [{login: anna, name: Anna Berg, phone: {kind: registered, password: s3cret-Phone}}]\n"


async def test_every_route_stands_in_the_table() -> None:
    routes = {(method, route.path) for module in MODULES for route in module.router.routes for method in route.methods}
    assert routes == set(TABLE)


async def sign_up(office: Office, role: Role) -> str:
    """Somebody of this role."""
    if role is Role.CUSTOMER:
        return LOGIN
    if role is Role.AGENT:
        await service_on(office.database).import_text(AGENT)
        _, token = await office.accounts.add_user("them", "Them", role, agent=AgentId("anna"))
        await office.accounts.redeem(token, PASSWORD)
    else:
        await office.sign_up("them", "Them", role)
    return "them"


async def shown(asker: Asker, address: str) -> dict[str, str]:
    """What the form at this address brings along of its own accord."""
    _, _, page = await asker.gets(address)
    return {"version": version(page)} if 'name="version"' in page else {}


@pytest.mark.parametrize("role", Role)
async def test_every_route_asks_for_the_role(office: Office, role: Role) -> None:
    """What lets somebody in answers anything but 403 and a way to the sign-in page."""
    login = await sign_up(office, role)
    petra = await office.accounts.user_of(LOGIN)
    assert petra
    await office.orders.ask(office.customers["K1001"], "Please.", False, petra.identity())
    await office.sign_up("someone@korn.example", "Some One", Role.CUSTOMER, "K1001")
    someone = await office.accounts.user_of("someone@korn.example")
    assert someone
    ids = {"{number:path}": "K1001", "{part}": "limits", "{order}": "1", "{user}": str(someone.id)}
    ids |= {"{agent}": "anna", "{trunk}": "carrier"}
    let_in = set()
    async with asking(office, login) as asker:
        for method, path in TABLE:
            if path.endswith("/act"):
                continue
            address = path
            for name, value in ids.items():
                address = address.replace(name, value)
            if method == "GET":
                status, place, _ = await asker.gets(address)
            else:
                status, place, _ = await asker.sends(address, **await shown(asker, address))
            assert status in (200, 201, 303, 403, 409, 422) and not place.startswith("/sign-in"), (address, status)
            if status != 403:
                let_in.add((method, path))
    assert let_in == {route for route, roles in TABLE.items() if role in roles and not route[1].endswith("/act")}


async def test_nobody_who_is_not_signed_in_gets_anywhere(office: Office) -> None:
    async with asking(office, LOGIN) as asker:
        await office.accounts.sign_out(asker.token)
        for method, path in TABLE:
            ask = asker.gets if method == "GET" else asker.sends
            status, place, _ = await ask(path.replace("{number:path}", "K1001"))
            assert (status, place.partition("?")[0]) == (303, "/sign-in"), path


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUPERVISOR])
async def test_6_2_nobody_but_support_works_as_a_customer(office: Office, role: Role) -> None:
    async with asking(office, await sign_up(office, role)) as asker:
        assert (await asker.sends("/support/customers/K1002/act"))[0] == 403
        session = await office.accounts.session(asker.token)
        assert session and session.identity.acting_for is None


async def test_6_2_the_log_is_for_who_may_see_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the right that is asked for, not the role, on the page as in the API."""
    await office.sign_up("them", "Them", Role.SUPPORT)
    path = "/customers/K1001"
    for right, status in ((True, 200), (False, 403)):
        rights = frozenset(action for action in Action if right or action is not Action.SEE_AUDIT)
        monkeypatch.setattr(roles, "_RIGHTS", {**roles._RIGHTS, Role.SUPPORT: rights})
        async with asking(office, "them") as asker:
            assert (await asker.gets(f"/support{path}/log"))[0] == status
        assert (await (await program_of(office, "them")).asks("GET", f"{path}/history"))[0] == status
