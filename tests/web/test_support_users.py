"""Users: customers look after their own (§5), administrators after everybody's."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.accounts import Role
from tests.web.asking import Asker, asking, mistakes
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
OWN, ALL = "/account/users", "/admin/users"
ONESELF = "Sie können sich nicht selbst sperren: Bitte lassen Sie das jemand anderen tun."
MAX = {"login": "max@korn.example", "name": "Max Korn", "language": "de"}


@pytest_asyncio.fixture(loop_scope="session")
async def root(office: Office) -> AsyncIterator[Asker]:
    """The administrator."""
    await office.sign_up("root", "Rita Oot", Role.ADMIN)
    async with asking(office, "root") as asker:
        yield asker


def people(page: str) -> list[str]:
    """Those on the list."""
    return [html.unescape(one) for one in re.findall(r"<li><span><strong>(.*?)</strong>", page)]


def link(page: str) -> str:
    """The token of the link that is shown."""
    found = re.search(r"<code>.*/link/(.*?)</code>", page)
    assert found
    return found[1]


async def key(office: Office, login: str) -> int:
    """The user's number."""
    user = await office.accounts.user_of(login)
    assert user
    return user.id


async def test_5_a_customers_user_makes_another_who_chooses_a_password(office: Office, petra: Asker) -> None:
    status, _, page = await petra.sends(OWN, **MAX)
    assert status == 201
    await office.accounts.redeem(link(page), PASSWORD)
    async with asking(office, "max@korn.example") as another:
        assert people((await another.gets(OWN))[2]) == ["Max Korn", "Petra Korn"]
    made = await office.accounts.user_of("max@korn.example")
    assert made and (made.role, made.customer) == (Role.CUSTOMER, office.customers["K1001"])


async def test_5_a_new_link_ends_the_old_one(office: Office, petra: Asker) -> None:
    old = link((await petra.sends(OWN, **MAX))[2])
    new = link((await petra.sends(f"{OWN}/{await key(office, MAX['login'])}/link"))[2])
    assert (await office.accounts.link(old), (await office.accounts.link(new)) is not None) == (None, True)


async def test_5_a_disabled_user_is_out_at_once_and_may_come_back(office: Office, petra: Asker) -> None:
    await office.sign_up("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    who = await key(office, "max@korn.example")
    async with asking(office, "max@korn.example") as max_korn:
        assert (await petra.sends(f"{OWN}/{who}/disable"))[:2] == (303, OWN)
        assert (await max_korn.gets("/"))[:2] == (303, "/sign-in")
    assert (await petra.sends(f"{OWN}/{who}/link"))[0] == 409
    await petra.sends(f"{OWN}/{who}/enable")
    async with asking(office, "max@korn.example") as max_korn:
        assert (await max_korn.gets("/"))[0] == 200


async def test_5_nobody_disables_oneself(office: Office, petra: Asker) -> None:
    status, _, page = await petra.sends(f"{OWN}/{await key(office, LOGIN)}/disable")
    assert (status, ONESELF in page) == (422, True)


@pytest.mark.parametrize("what", ["link", "disable", "enable"])
async def test_5_another_customers_users_do_not_exist(office: Office, petra: Asker, what: str) -> None:
    await office.sign_up("lea@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    assert people((await petra.gets(OWN))[2]) == ["Petra Korn"]
    for login in ("lea@lot.example", "ines"):
        assert (await petra.sends(f"{OWN}/{await key(office, login)}/{what}"))[0] == 404
    assert (await petra.sends(f"{OWN}/999/{what}"))[0] == 404
    async with asking(office, "lea@lot.example") as lea:
        assert (await lea.gets("/"))[0] == 200


async def test_5_what_the_form_says_of_role_and_customer_is_not_listened_to(office: Office, petra: Asker) -> None:
    other = str(office.customers["K1002"])
    assert (await petra.sends(OWN, **MAX, role="admin", customer=other))[0] == 201
    made = await office.accounts.user_of("max@korn.example")
    assert made and (made.role, made.customer) == (Role.CUSTOMER, office.customers["K1001"])


async def test_admin_makes_users_of_every_role(office: Office, root: Asker) -> None:
    support = {"login": "ines", "name": "Ines Sommer", "language": "en", "role": "support", "customer": "", "agent": ""}
    assert (await root.sends(ALL, **support))[0] == 201
    assert (await root.sends(ALL, **MAX, role="customer", customer="K1002"))[0] == 201
    assert people((await root.gets(ALL))[2]) == ["Ines Sommer", "Max Korn", "Petra Korn", "Rita Oot"]
    assert people((await root.gets(ALL, q="korn"))[2]) == ["Max Korn", "Petra Korn"]
    assert people((await root.gets(ALL, q="nobody"))[2]) == []


WRONG = [
    (
        {"role": "customer"},
        "Kundennummer",
        "Ein Benutzer eines Kunden braucht den Kunden: Bitte die Kundennummer angeben.",
    ),
    ({"role": "customer", "customer": "K9"}, "Kundennummer", "Diesen Kunden gibt es nicht."),
    (
        {"role": "support", "customer": "K1001"},
        "Kundennummer",
        "Nur Benutzer von Kunden gehören zu einem Kunden: Bitte leer lassen.",
    ),
    ({"role": "agent", "agent": "nobody"}, "Anmeldename des Agenten", "Diesen Agenten gibt es nicht."),
    (
        {"role": "admin", "login": LOGIN},
        "Anmeldename",
        "Diesen Anmeldenamen hat schon jemand: Bitte einen anderen wählen.",
    ),
    (
        {"role": "admin", "login": "a b"},
        "Anmeldename",
        "Bitte eine E-Mail-Adresse angeben, oder Buchstaben, Ziffern, Punkte, Unterstriche, Plus- und Minuszeichen.",
    ),
    ({"role": "king"}, "Rolle", "Bitte wählen Sie eine der Möglichkeiten."),
]


@pytest.mark.parametrize(("wrong", "field", "why"), WRONG)
async def test_admin_is_told_why_a_user_cannot_be(root: Asker, wrong: dict[str, str], field: str, why: str) -> None:
    status, _, page = await root.sends(ALL, **{**MAX, **wrong})
    assert (status, mistakes(page)) == (422, [f"{field}: {why}"])


async def test_admin_disables_anybody_but_oneself(office: Office, root: Asker) -> None:
    assert (await root.sends(f"{ALL}/{await key(office, LOGIN)}/disable"))[:2] == (303, ALL)
    status, _, page = await root.sends(f"{ALL}/{await key(office, 'root')}/disable")
    assert (status, ONESELF in page) == (422, True)


async def test_6_2_support_looks_after_a_customers_users_as_the_customer(office: Office) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with asking(office, "ines") as ines:
        assert (await ines.gets(OWN))[0] == 403
        await ines.sends("/support/customers/K1001/act")
        assert (await ines.sends(OWN, **MAX))[0] == 409
        assert (await ines.sends(f"{OWN}?acting=K1001", **MAX))[0] == 201
        assert people((await ines.gets(OWN))[2]) == ["Max Korn", "Petra Korn"]
