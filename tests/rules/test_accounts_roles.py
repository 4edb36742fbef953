"""Who may do what, and on whose data."""

from __future__ import annotations

import pytest

from engine.accounts import Action, BadLogin, Identity, Role, login_key, may
from engine.terms import CustomerId, UserId

OWN, OTHER = CustomerId(1), CustomerId(2)
A = Action


def test_every_right_of_every_role() -> None:
    support = {
        A.EDIT_OWN, A.EDIT_HOURS, A.EDIT_GREETING_LOCKED, A.BLOCK, A.EDIT_TARIFF, A.EDIT_ACCESS_NUMBERS,
        A.EDIT_SHOWN_NUMBERS,
        A.CREATE_CUSTOMER, A.HANDLE_ORDERS, A.SEE_AUDIT, A.ACT_FOR, A.MANAGE_OWN_USERS, A.WRITE_NEWS,
        A.ANSWER_PERSONS,
    }  # fmt: skip
    assert {role: {action for action in Action if may(role, action)} for role in Role} == {
        Role.CUSTOMER: {A.EDIT_OWN, A.MANAGE_OWN_USERS},
        Role.AGENT: set(),
        Role.SUPERVISOR: {A.SEE_DAYS},
        Role.SUPPORT: support,
        Role.ADMIN: support | {A.MANAGE_USERS, A.MANAGE_TRUNKS, A.MANAGE_AGENTS, A.SEE_DAYS},
    }


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.CUSTOMER, (True, False)),
        (Role.AGENT, (False, False)),
        (Role.SUPERVISOR, (False, False)),
        (Role.SUPPORT, (True, True)),
        (Role.ADMIN, (True, True)),
    ],
)
def test_a_customer_sees_its_own_portal_and_support_every_one(role: Role, sees: tuple[bool, bool]) -> None:
    # A customer in the row of any other role would be a mistake elsewhere, and must open nothing.
    identity = Identity(UserId(1), "erika", "Erika", role, customer=OWN)
    assert (identity.sees(OWN), identity.sees(OTHER)) == sees
    assert identity.may(Action.EDIT_OWN) == may(role, Action.EDIT_OWN)


def test_nobody_makes_users_above_himself() -> None:
    kinds = [
        (Role.CUSTOMER, OWN),
        (Role.CUSTOMER, OTHER),
        (Role.CUSTOMER, None),
        *((role, None) for role in [*Role][1:]),
    ]
    managed = {
        role: [kind for kind in kinds if Identity(UserId(1), "erika", "Erika", role, customer=OWN).manages(*kind)]
        for role in Role
    }
    assert managed == {
        Role.CUSTOMER: [(Role.CUSTOMER, OWN)],
        Role.AGENT: [],
        Role.SUPERVISOR: [],
        Role.SUPPORT: [(Role.CUSTOMER, OWN), (Role.CUSTOMER, OTHER)],
        Role.ADMIN: kinds,
    }


def test_whose_portal_it_is() -> None:
    customer = Identity(UserId(1), "erika", "Erika", Role.CUSTOMER, customer=OWN, acting_for=OTHER)
    support = Identity(UserId(2), "sven", "Sven", Role.SUPPORT)
    acting = Identity(UserId(2), "sven", "Sven", Role.SUPPORT, acting_for=OTHER)
    assert (customer.tenant, support.tenant, acting.tenant) == (OWN, None, OTHER)


@pytest.mark.parametrize(
    ("login", "key"),
    [
        ("Erika@Muster.DE", "erika@muster.de"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("erika+portal@muster.example.org", "erika+portal@muster.example.org"),
        ("\uff25rika", "erika"),
        ("jürgen@müller.de", "jürgen@müller.de"),
    ],
)
def test_logins_that_people_take_for_one_are_one(login: str, key: str) -> None:
    assert login_key(login) == key


@pytest.mark.parametrize(
    "login",
    ["", " erika", "erika wegner", "erika@", "@muster.de", "erika@muster", "a@b@c.de", "x" * 65, "a\0b", "a\nb"],
)
def test_what_can_be_no_login(login: str) -> None:
    with pytest.raises(BadLogin, match="write an e-mail address"):
        login_key(login)
