"""An administrator lets people in: `vorzimmer user …`, and what goes wrong there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.main.stored import accounts_of
from engine.service.accounts import Accounts
from engine.store.database import Database
from tests.accounts import CUSTOMERS, GOOD
from tests.stories.installation import Installation

URL = "https://portal.example.net"


@pytest.fixture
def own(tmp_path: Path) -> Installation:
    """A home of its own in which nothing runs."""
    return Installation(tmp_path / "vz", {"WEB_URL": f"{URL}/"})


async def link(own: Installation, *words: str) -> tuple[str, str]:
    """What a command that gives a link says before it, and the link's token."""
    code, said, complained = await own.vorzimmer("user", *words)
    assert (code, complained) == (0, ""), complained
    first, url, end = said.split("\n")
    found = re.fullmatch(re.escape(URL) + "/link/([A-Za-z0-9_-]{43})", url)
    assert found and end == ""
    return first, found[1]


async def test_people_are_let_in_and_shut_out(own: Installation, tmp_path: Path) -> None:
    file = tmp_path / "customers.yaml"
    file.write_text(CUSTOMERS, "utf-8")
    await own.vorzimmer("import", str(file))
    said, first = await link(own, "add", "Admin", "--name", "Erika Wegner", "--role", "admin")
    assert said == "Admin chooses a password by this link; it is good once, for 7 days:"
    await link(own, "add", "k@muster.de", "--name", "Karl", "--role", "customer", "--customer", "K1")
    await link(own, "add", "anna", "--name", "Anna", "--role", "agent", "--agent", "anna", "--language", "en")
    database = Database(f"sqlite:///{own.home}/vorzimmer.db")
    accounts: Accounts = accounts_of(database)
    await accounts.redeem(first, GOOD)
    assert (await accounts.sign_in("admin", GOOD, address="192.0.2.1", device="")).identity.login == "Admin"
    said, second = await link(own, "link", "ADMIN")
    assert said == "Admin chooses a password by this link; it is good once, for 1 day:"
    identity = await accounts.link(second)
    assert identity and identity.login == "Admin"
    assert await own.vorzimmer("user", "disable", "K@Muster.de") == (0, "k@muster.de is disabled\n", "")
    await database.close()

    code, listed, _ = await own.vorzimmer("user", "list", "--json")
    users = json.loads(listed)
    assert code == 0
    assert [user.pop("signed_in") is not None for user in users] == [True, False, False]
    assert users == [
        {
            "login": "Admin", "name": "Erika Wegner", "role": "admin", "customer": None, "agent": None,
            "state": "active", "second_factor": False,
        },
        {
            "login": "anna", "name": "Anna", "role": "agent", "customer": None, "agent": "anna",
            "state": "invited", "second_factor": False,
        },
        {
            "login": "k@muster.de", "name": "Karl", "role": "customer", "customer": "K1", "agent": None,
            "state": "disabled", "second_factor": False,
        },
    ]  # fmt: skip
    code, listed, _ = await own.vorzimmer("user", "list", "muster")
    rows = [line.split() for line in listed.splitlines()]
    assert rows == [
        ["login", "name", "role", "customer", "agent", "state", "second", "factor", "signed", "in"],
        ["k@muster.de", "Karl", "customer", "K1", "disabled", "–", "–"],
    ]
    refused = "vorzimmer: k@muster.de is disabled: `vorzimmer user enable k@muster.de` first\n"
    assert await own.vorzimmer("user", "link", "k@muster.de") == (1, "", refused)
    assert await own.vorzimmer("user", "enable", "k@muster.de") == (0, "k@muster.de is enabled\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("link nobody", "there is no user nobody: `vorzimmer user list` lists them"),
        ("disable admin", "this is the last admin who can sign in: make another one first"),
        ("add admin --name A --role support", "somebody has this login already: choose another"),
        ("add k --name K --role customer --customer K9", "there is no customer K9: `vorzimmer export` lists them"),
        ("add k --name K --role customer", "a user with the role customer needs the customer whose user it is"),
    ],
)
async def test_what_cannot_be_is_one_line(own: Installation, words: str, said: str) -> None:
    await link(own, "add", "admin", "--name", "Erika Wegner", "--role", "admin")
    assert await own.vorzimmer("user", *words.split()) == (1, "", f"vorzimmer: {said}\n")
