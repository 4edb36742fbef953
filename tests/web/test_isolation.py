"""No route shows or changes what belongs to another customer: every route of the application, asked by every role.

Rule of this file: the routes come from the application itself. One that this file does not know how to ask, or of
which it is not said who may use it, fails the test: add the parameter to `FOREIGN`, the place to `AREAS`, and what a
program has to send to `BODIES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import pytest
from fastapi.routing import iter_route_contexts

from engine.accounts import Role
from engine.entries.paths import values_of
from engine.terms import AgentId
from engine.web.session import SESSION
from tests.web.foreign import MARKS, SAME
from tests.web.neighbours import neighbours, state
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.programs import beginning, program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
FOREIGN = {
    "agent": ["anna"],
    "call": ["vz-77"],
    "delivery": ["{delivery}"],
    "key": ["{own}"],
    "kind": ["quarz"],
    "login": ["anna"],
    "message": ["{message}"],
    "name": ["Frida Fremd", "K1002", "own-{own}"],
    "number": ["K1002"],
    "order": ["{order}"],
    "part": ["data"],
    "secret": ["quarz"],
    "session": ["{session}"],
    "token": ["{token}"],
    "trunk": ["carrier"],
    "user": ["{user}"],
}
"""What each parameter of a path is filled with: what K1002 or its user has; a word where it is nobody's."""
TO_EVA = {"recipient": SAME, "means": "mail", "address": "eva@korn.example"}
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/api/v1/customer"): {"changes": {"instructions": "mine", f"contacts/{SAME}/position": "mine"}},
    ("PATCH", "/api/v1/customers/{number}"): {"changes": {"greeting": "mine"}},
    ("POST", "/api/v1/customers"): {"number": "K7", "name": "Seven", "tariff": "day"},
    ("POST", "/api/v1/users"): {"login": "new@korn.example", "name": "New", "customer": "K1002"},
    ("PATCH", "/api/v1/users/{user}"): {"disabled": True},
    ("PATCH", "/api/v1/messages/{message}"): {"state": "done"},
    ("POST", "/api/v1/messages/{message}/deliveries"): {
        "recipient": SAME,
        "means": "mail",
        "address": "eva@korn.example",
    },
}
CUSTOMERS, STAFF = frozenset({"customer", "acting"}), frozenset({"support", "admin"})
ALL = frozenset({"nobody", "agent", "supervisor"}) | CUSTOMERS | STAFF
LEADERS = frozenset({"supervisor", "admin"})
AREAS = (
    (
        r"/(health|metrics|static/.*|sign-in|sign-in/code|sign-out|link/.*)?|/api/(hooks/.*|v1/(openapi\.json|problems/.*))",
        ALL,
    ),
    (r"/account/(users(/.*)?|person(/.*)?|export|statements)", CUSTOMERS),
    (r"/account(/.*)?|/signed-in|/api/v1/me", ALL - {"nobody"}),
    (r"/api/v1/customer", frozenset({"customer"})),
    (r"/api/v1/(calls|messages|users)(/.*)?", CUSTOMERS | STAFF),
    (r"/api/v1/customers(/.*)?", STAFF | {"acting"}),
    (r"/support(/.*)?", STAFF | {"acting"}),
    (r"/admin(/.*)?", frozenset({"admin"})),
    (r"/desk/board(/.*)?", LEADERS),
    (r"/desk/listening/stop", frozenset({"supervisor"})),
    (r"/desk(/.*)?", frozenset({"agent", "supervisor"})),
    (r"/days(\.csv|/.*)?", LEADERS),
    (r"(?!/api/)/.*", CUSTOMERS),
)
"""Who may use what; the first that fits. What is not named is the customers' portal. `acting`: support for K1001."""
SOCKETS = {"/desk/phone/ws"}  # of which tests/web/test_desk_phone.py asks who may open them
SHUT = {401, 403, 404, 405}
QUERY = (
    "?customer=K1002&number=K1002&contact=Frida+Fremd&id={user}&user={user}&search=K1002&q=K1002&tenant=2&state=done"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the walk. `path`: as the route has it."""

    method: str
    path: str
    address: str

    @property
    def named(self) -> bool:
        """Whether its address names something."""
        return "{" in self.path


def routes(office: Office) -> Iterator[tuple[str, str]]:
    """Method and path of every route; fails for one of another kind, but for the `SOCKETS`."""
    for route in iter_route_contexts(office.app.routes):
        if route.path in SOCKETS and not route.methods:
            continue
        assert route.path and route.methods, f"this test does not know how to ask {route.path}"
        yield from ((method, route.path.replace(":path}", "}")) for method in sorted(route.methods))


def asked(office: Office, ids: dict[str, int]) -> Iterator[Asked]:
    """Every route with each foreign value of its parameter."""
    for method, path in routes(office):
        names = re.findall(r"{(\w+)}", path)
        unknown = [name for name in names if name not in FOREIGN]
        assert unknown == [], f"{method} {path}: say in FOREIGN what another customer's {unknown} is"
        for n in range(max((len(FOREIGN[name]) for name in names), default=1)):
            filled = path
            for name in names:
                value = FOREIGN[name][min(n, len(FOREIGN[name]) - 1)].format(**ids)
                filled = filled.replace(f"{{{name}}}", quote(value, safe=""))
            yield Asked(method, path, filled + QUERY.format(**ids))


class Somebody:
    """Who asks: somebody of one role, who signs in anew for each request, for some of them end a session."""

    def __init__(self, office: Office, who: str, login: str) -> None:
        """`login`: empty for a stranger."""
        self._office, self._who, self._login = office, who, login

    @classmethod
    async def of(cls, office: Office, who: str) -> Somebody:
        """Somebody who has just been hired."""
        if who in ("nobody", "customer"):
            return cls(office, who, LOGIN if who == "customer" else "")
        role, login = Role.SUPPORT if who == "acting" else Role(who), f"{who}@ours.example"
        agent = AgentId("anna") if role is Role.AGENT else None
        _, link = await office.accounts.add_user(login, who.title(), role, agent=agent)
        await office.accounts.redeem(link, PASSWORD)
        return cls(office, who, login)

    async def asks(self, one: Asked) -> tuple[int, str, str]:
        """Status, where it leads, and text of the answer."""
        office, headers = self._office, {"Sec-Fetch-Site": "same-origin"}
        sent: dict[str, Any] = {}
        if one.path.startswith("/api/"):
            sent = {"json": BODIES.get((one.method, one.path))}
            if self._login:
                headers["Authorization"] = f"Bearer {(await program_of(office, self._login)).token}"
        else:
            sent = {} if one.method == "GET" else {"data": dict(pair.split("=") for pair in QUERY[1:].split("&"))}
            if self._login:
                signed = await office.accounts.sign_in(self._login, PASSWORD, address="192.0.2.1", device="test")
                if self._who == "acting":
                    await office.accounts.act_for(signed.token, office.customers["K1001"])
                headers["Cookie"] = f"{SESSION}={signed.token}"
        address = f"{office.url}{one.address}{'&acting=K1001' if self._who == 'acting' else ''}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(one.method, address, headers=headers, allow_redirects=False, **sent) as answer,
        ):
            text = await beginning(answer)
            return answer.status, urlsplit(answer.headers.get("Location", "")).path, text


def admits(path: str) -> frozenset[str]:
    """Who may use the route. Fails where nobody has said so."""
    found = [who for pattern, who in AREAS if re.fullmatch(pattern, path)]
    assert found, f"say in AREAS who may use {path}"
    return found[0]


def breach(who: str, one: Asked, status: int, place: str, text: str) -> str | None:
    """What is wrong with the answer; `None` if nothing is."""
    if status >= 500:
        return "fails"
    if who not in admits(one.path):
        return None if status in SHUT or (status == 303 and place == "/sign-in") else "is not shut"
    if who in STAFF or (who == "acting" and re.match("/support|/api/", one.path)) or admits(one.path) == LEADERS:
        return None  # support sees every customer, who leads the agents every caller who waits
    if found := MARKS.search(text):
        return f"tells '{found[0]}'"
    if one.named and one.path != "/account" and status not in SHUT:
        return "does something with a foreign name"
    return None


@pytest.mark.parametrize("who", sorted(ALL))
async def test_no_route_tells_or_changes_what_belongs_to_another_customer(office: Office, who: str) -> None:
    ids = await neighbours(office)
    somebody, before = await Somebody.of(office, who), await state(office, ids)
    found = []
    for one in asked(office, ids):
        if who in STAFF | {"acting"} and who in admits(one.path) and re.match("/support|/admin|/api/", one.path):
            continue  # it may do so, and would
        status, place, text = await somebody.asks(one)
        if wrong := breach(who, one, status, place, text):
            found.append(f"{one.method} {one.path}: {wrong} ({status} {place})")
    assert found == []
    assert await state(office, ids) == before


@pytest.mark.parametrize("who", sorted(CUSTOMERS))
async def test_two_customers_may_have_contacts_of_the_same_name(office: Office, who: str) -> None:
    ids = await neighbours(office)
    somebody, before = await Somebody.of(office, who), await state(office, ids)
    for method, path in routes(office):
        if "{name}" in path:
            filled = path.replace("{name}", quote(SAME))
            status, _, text = await somebody.asks(Asked(method, path, filled))
            assert (status < 500, MARKS.search(text)) == (True, None), f"{method} {path}"
    assert await state(office, ids) == before


async def test_a_program_changes_its_own_contact_of_a_name_that_both_have(office: Office) -> None:
    ids = await neighbours(office)
    before, program = await state(office, ids), await program_of(office)
    path = f"contacts/{SAME}/position"
    assert await program.asks("PATCH", "/customer", {"changes": {path: "Neu"}}) == (200, {"changed": [path]})
    mine = (await office.editing.load(office.customers["K1001"])).contacts[0]
    assert (mine.name, mine.position) == (SAME, "Neu")
    assert await state(office, ids) == before


async def test_a_route_that_this_test_cannot_ask_fails_it(office: Office) -> None:
    ids = await neighbours(office)

    async def nothing() -> None:
        """Never called."""

    office.app.get("/invoices/{invoice}")(nothing)
    with pytest.raises(AssertionError, match=r"GET /invoices/\{invoice\}: say in FOREIGN"):
        list(asked(office, ids))


async def test_a_program_interface_of_which_nobody_has_said_who_may_use_it_fails_it() -> None:
    with pytest.raises(AssertionError, match="say in AREAS who may use /api/v2/customer"):
        admits("/api/v2/customer")


async def test_a_leak_would_be_found(office: Office) -> None:
    ids = await neighbours(office)

    async def leak(name: str) -> dict[str, Any]:
        """What a careless page would do."""
        return values_of(await office.editing.load(office.customers["K1002"])) | {"asked": name}

    office.app.get("/careless/{name}")(leak)
    somebody = await Somebody.of(office, "customer")
    one = next(one for one in asked(office, ids) if one.path == "/careless/{name}")
    status, place, text = await somebody.asks(one)
    assert breach("customer", one, status, place, text) == "tells 'Kanzlei Lot'"
    assert breach("nobody", one, status, place, text) == "is not shut"
