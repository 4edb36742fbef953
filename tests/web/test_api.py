"""The API as programs use it: every answer, refusal and right."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest

from engine.accounts import Role
from engine.web.api.problems import KINDS, V1
from engine.web.session import SESSION
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.programs import Program, problem, program_as, program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
NO_TOKEN = problem(401, "no-token", KINDS["no-token"])
NOT_FOR_ROLE = problem(403, "not-for-this-role", KINDS["not-for-this-role"])
UNKNOWN = problem(404, "unknown", KINDS["unknown"])
GREETING = "Bäckerei Korn, mein Name ist {agent}, guten Tag."
EVA = {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}}


async def test_a_customers_program_reads_and_changes_its_own_entry(office: Office) -> None:
    program = await program_of(office)
    status, entry = await program.asks("GET", "/customer")
    assert (status, entry["number"], entry["greeting"], entry["contacts"]) == (200, "K1001", None, [])
    changes = {"greeting": GREETING, "contacts/Eva Korn": EVA, "company/web": "www.korn.example"}
    changed = ["greeting", "contacts/Eva Korn", "company/web"]
    assert await program.asks("PATCH", "/customer", {"changes": changes}) == (200, {"changed": changed})
    assert await program.asks("PATCH", "/customer", {"changes": changes}) == (200, {"changed": []})
    _, entry = await program.asks("GET", "/customer")
    assert (entry["greeting"], entry["contacts"][0]["name"]) == (GREETING, "Eva Korn")
    assert (await office.editing.load(office.customers["K1001"])).company.web == "www.korn.example"


async def test_every_mistake_is_told_with_its_path_and_code(office: Office) -> None:
    program = await program_of(office)
    changes = {"tariff": "night", "contacts/Eva Korn": {"name": "Eva Korn", "notify": {}}, "wait/max_wait": "long"}
    status, said = await program.asks("PATCH", "/customer", {"changes": changes})
    assert (status, said["type"]) == (422, f"{V1}/problems/refused")
    assert [(one["path"], one["code"]) for one in said["mistakes"]] == [
        ("tariff", "right"),
        ("wait/max_wait", "float_type"),
        ("contacts/Eva Korn/notify", "notify.none"),
    ]
    text = "only support may change this: ask for it there"
    assert said["mistakes"][0] == {"path": "tariff", "code": "right", "values": {"role": "customer"}, "text": text}
    assert (await program.asks("GET", "/customer"))[1]["wait"]["max_wait"] is None


async def test_who_has_seen_something_else_gets_theirs(office: Office) -> None:
    program = await program_of(office)
    await program.asks("PATCH", "/customer", {"changes": {"instructions": "Bitte siezen."}})
    late = {"changes": {"instructions": "Bitte duzen."}, "seen": {"instructions": None}}
    conflict = problem(409, "conflict", KINDS["conflict"], theirs={"instructions": "Bitte siezen."})
    assert await program.asks("PATCH", "/customer", late) == conflict
    late["seen"] = {"instructions": "Bitte siezen."}
    assert await program.asks("PATCH", "/customer", late) == (200, {"changed": ["instructions"]})


async def test_support_finds_makes_and_changes_customers(office: Office) -> None:
    program = await program_as(office, Role.SUPPORT)
    lot = {
        "number": "K1002",
        "name": "Kanzlei Lot",
        "tariff": "day",
        "blocked": False,
        "access_numbers": ["+49301000002"],
        "lines": [],
    }
    assert await program.asks("GET", "/customers?search=kanzlei") == (200, [lot])
    assert await program.asks("GET", "/customers?search=%00") == (200, [])
    assert await program.asks("PATCH", "/customers/K1002", {"changes": {"blocked": True}}) == (
        200,
        {"changed": ["blocked"]},
    )
    _, told = await program.asks("GET", "/customers/K1002/history")
    facts = [(one["who"], one["role"], one["path"], one["old"], one["new"]) for one in told]
    assert facts[0] == ("support@api.example", "support", "blocked", None, True)
    assert await program.asks("GET", f"/customers/K1002/history?before={told[-1]['id']}") == (200, [])
    status, made = await program.asks("POST", "/customers", {"number": "A/1", "name": "Neu GmbH", "tariff": "day"})
    assert (status, made["name"]) == (201, "Neu GmbH")
    assert (await program.asks("GET", "/customers/A%2F1"))[1] == made
    status, said = await program.asks("POST", "/customers", {"number": "K1001", "name": "Neu", "tariff": "night"})
    assert [(one["path"], one["code"]) for one in said["mistakes"]] == [
        ("number", "taken.number"),
        ("tariff", "unknown.tariff"),
    ]
    assert await program.asks("GET", "/customers/K9") == UNKNOWN


async def test_each_role_reaches_what_is_its_own(office: Office) -> None:
    asked = ("/me", "/customer", "/customers?search=a", "/customers/K1002", "/users?customer=K1002", "/users")
    reached = {}
    for role in Role:
        if role is Role.AGENT:  # the same as a supervisor
            continue
        program = await program_as(office, role, "K1001" if role is Role.CUSTOMER else "")
        reached[role] = [(await program.asks("GET", path))[0] for path in asked]
    assert reached == {
        Role.CUSTOMER: [200, 200, 403, 403, 404, 200],
        Role.SUPERVISOR: [200, 403, 403, 403, 403, 403],
        Role.SUPPORT: [200, 403, 200, 200, 200, 422],
        Role.ADMIN: [200, 403, 200, 200, 200, 200],
    }
    assert await program.asks("GET", "/customer") == NOT_FOR_ROLE


async def test_me(office: Office) -> None:
    korn = {"number": "K1001", "name": "Bäckerei Korn"}
    me = {"login": LOGIN, "name": "Petra Korn", "role": "customer", "language": "de", "customer": korn}
    assert await (await program_of(office)).asks("GET", "/me") == (200, me)


async def test_a_customers_program_manages_its_own_users_alone(office: Office) -> None:
    program = await program_of(office)
    status, made = await program.asks("POST", "/users", {"login": "max@korn.example", "name": "Max Korn"})
    assert status == 201
    await office.accounts.redeem(made["link"].removeprefix("/link/"), PASSWORD)
    users = await program.asks("GET", "/users")
    assert [(one["login"], one["customer"], one["has_password"]) for one in users[1]] == [
        ("max@korn.example", "K1001", True),
        (LOGIN, "K1001", True),
    ]
    path = f"/users/{made['user']}"
    assert (await program.asks("PATCH", path, {"disabled": True}))[1]["disabled"] is True
    petra = await office.accounts.user_of(LOGIN)
    assert petra
    status, told = await program.asks("PATCH", f"/users/{petra.id}", {"disabled": True})
    assert (status, told["fault"]) == (409, "oneself")
    await office.hire("lot@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    lot = await office.accounts.user_of("lot@lot.example")
    assert lot
    assert await program.asks("PATCH", f"/users/{lot.id}", {"disabled": True}) == UNKNOWN
    assert await program.asks("POST", f"/users/{lot.id}/link") == UNKNOWN
    assert await program.asks("POST", "/users/4711/link") == UNKNOWN
    stranger = {"login": "x@x.example", "name": "X", "customer": "K1002"}
    assert await program.asks("POST", "/users", stranger) == UNKNOWN
    above = {"login": "x@x.example", "name": "X", "role": "admin"}
    assert await program.asks("POST", "/users", above) == NOT_FOR_ROLE
    again = {"login": LOGIN, "name": "Petra"}
    taken = "somebody has this login already: choose another"
    conflict = problem(409, "account", KINDS["account"], detail=taken, fault="login_taken")
    assert await program.asks("POST", "/users", again) == conflict
    shape = "write the login as an e-mail address, or as 1 to 64 letters, digits, '.', '_', '+' and '-'"
    wrong = problem(422, "account", KINDS["account"], detail=shape, fault="login_shape")
    assert await program.asks("POST", "/users", {"login": "a b", "name": "X"}) == wrong


async def test_a_cookie_opens_no_door_of_the_api(office: Office) -> None:
    signed = await office.accounts.sign_in(LOGIN, PASSWORD, address="192.0.2.1", device="test")
    cookie = {"Cookie": f"{SESSION}={signed.token}", "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PATCH"):
            async with session.request(method, f"{office.url}{V1}/customer", headers=cookie) as answer:
                assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Vorzimmer"')
                assert (answer.status, await answer.json(content_type=None)) == NO_TOKEN


async def test_a_token_is_worth_what_its_user_is_worth_now(office: Office) -> None:
    program = await program_of(office)
    user = await office.accounts.user_of(LOGIN)
    assert user
    await office.accounts.disable(user.id)
    assert await program.asks("GET", "/me") == NO_TOKEN


async def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(office: Office) -> None:
    wrong, right = Program(office.url, "vz_wrong"), await program_of(office)
    assert [await wrong.asks("GET", "/me") for _ in range(5)] == [NO_TOKEN] * 5
    slow = problem(429, "too-many-failures", KINDS["too-many-failures"])
    assert await wrong.asks("GET", "/me") == slow
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{office.url}{V1}/me", headers={"Authorization": "Bearer vz_wrong"}) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
    assert (await right.asks("GET", "/me"))[0] == 200
    user = await office.accounts.sign_in(LOGIN, PASSWORD, address="127.0.0.1", device="a person at that address")
    assert user.identity.login == LOGIN
    told = [(one.what, one.login, one.address) for one in await office.accounts.events(None)]
    assert told.count(("token_refused", "", "127.0.0.1")) == 5


DEEP = "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        ('{"changes": {"greeting": "x"}, "customer": 2}', {422}),
        ('{"changes": {}}', {422}),
        ("[]", {422}),
        ('{"changes": {"greeting": "\\ud800"}}', {422}),
        ('{"changes": {"\\ud800": 1}}', {422}),
        ('{"changes": {"lines": ["\\ud800"]}}', {422}),
        ('{"changes": {"ring_time": NaN}}', {422}),
        ('{"changes": {"ring_time": 1e999}}', {422}),
        ('{"changes": {"ring_time": ' + "9" * 5000 + "}}", {400}),
        ('{"changes": {"greeting": "' + "\\u0000" + '"}}', {422}),
        (f'{{"changes": {{"greeting": {DEEP}}}}}', {400, 422}),
        ('{"changes": {"greeting": "x"}, "seen": {"greeting": ' + "[" * 300 + "]" * 300 + "}}", {400, 422}),
        ('{"changes"', {422}),
        ("", {422}),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_cannot_be_used_is_a_problem_and_nothing_is_saved(
    office: Office, body: str, statuses: set[int]
) -> None:
    program = await program_of(office)
    before = await program.asks("GET", "/customer")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {program.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.patch(f"{office.url}{V1}/customer", data=body, headers=headers) as answer,
    ):
        said: dict[str, Any] = await answer.json(content_type=None)
        assert answer.status in statuses
        assert said["status"] == answer.status
    assert await program.asks("GET", "/customer") == before


async def test_what_a_problem_means_can_be_read(office: Office) -> None:
    stranger = Program(office.url)
    for kind in KINDS:
        assert (await stranger.asks("GET", f"/problems/{kind}"))[1]["title"] == KINDS[kind]
    assert await stranger.asks("GET", "/problems/nothing") == UNKNOWN


async def test_a_token_is_made_on_its_page_shown_once_and_dropped(office: Office) -> None:
    signed = await office.accounts.sign_in(LOGIN, PASSWORD, address="192.0.2.1", device="test")
    ours = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}
    async with aiohttp.ClientSession(office.url, cookies={SESSION: signed.token}, headers=ours) as session:

        async def sends(path: str, **fields: str) -> tuple[int, str]:
            async with session.post(path, data=fields, allow_redirects=False) as answer:
                return answer.status, await answer.text()

        page = "/account/tokens"
        status, text = await sends(page, name="Kalender", days="30", password="wrong")
        assert (status, "Das ist nicht Ihr bisheriges Passwort." in text, "vz_" in text) == (422, True, False)
        assert (await sends(page, name="Kalender", days="367", password=PASSWORD))[0] == 422
        status, text = await sends(page, name="Kalender", days="30", password=PASSWORD)
        shown = re.search(r"vz_[\w-]{43}", text)
        assert (status, shown is not None) == (200, True)
        assert shown
        async with session.get(page) as answer:
            assert "vz_" not in await answer.text()
        program = Program(office.url, shown[0])
        assert (await program.asks("GET", "/me"))[0] == 200
        user = await office.accounts.user_of(LOGIN)
        assert user
        mine = (await office.accounts.tokens(user.id))[0].id
        assert (await sends(f"{page}/{mine + 1}/drop"))[0] == 404
        assert (await sends(f"{page}/{mine}/drop"))[0] == 303
        assert await program.asks("GET", "/me") == NO_TOKEN
