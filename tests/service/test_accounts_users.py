"""Users: made, invited, disabled, gone with their customer; passwords chosen by a link and changed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from engine.accounts import Role, Weakness
from engine.accounts.throttle import FREE
from engine.service.accounts import AccountError, Fault, LinkOver, WeakPassword, Why
from engine.store.tables import metadata
from engine.terms import AgentId, CustomerId, UserId
from tests.accounts import BETTER, CUSTOMERS, GOOD, THERE, World, faulty, refused
from tests.catalogue import service_on

ANNA, NOBODY = AgentId("anna"), CustomerId(99)


CANNOT_BE: list[tuple[str, str, Role, CustomerId | None, AgentId | None, Fault]] = [
    ("two words", "Sven", Role.SUPPORT, None, None, Fault.LOGIN_SHAPE),
    ("ERIKA", "Sven", Role.SUPPORT, None, None, Fault.LOGIN_TAKEN),
    ("sven", "", Role.SUPPORT, None, None, Fault.NAME_SHAPE),
    ("sven", " Sven", Role.SUPPORT, None, None, Fault.NAME_SHAPE),
    ("sven", "Sven\n", Role.SUPPORT, None, None, Fault.NAME_SHAPE),
    ("sven", "S" * 81, Role.SUPPORT, None, None, Fault.NAME_SHAPE),
    ("sven", "Sven", Role.CUSTOMER, None, None, Fault.CUSTOMER_NEEDED),
    ("sven", "Sven", Role.CUSTOMER, NOBODY, None, Fault.CUSTOMER_UNKNOWN),
    ("sven", "Sven", Role.CUSTOMER, CustomerId(2**31), None, Fault.CUSTOMER_UNKNOWN),
    ("sven", "Sven", Role.SUPPORT, CustomerId(1), None, Fault.CUSTOMER_NOT_FITTING),
    ("sven", "Sven", Role.AGENT, None, None, Fault.AGENT_NEEDED),
    ("sven", "Sven", Role.AGENT, None, AgentId("nobody"), Fault.AGENT_UNKNOWN),
    ("sven", "Sven", Role.SUPERVISOR, None, AgentId("nobody"), Fault.AGENT_UNKNOWN),
    ("sven", "Sven", Role.SUPERVISOR, None, AgentId("an\0"), Fault.AGENT_UNKNOWN),
    ("sven", "Sven", Role.AGENT, None, ANNA, Fault.AGENT_TAKEN),
    ("sven", "Sven", Role.ADMIN, None, ANNA, Fault.AGENT_NOT_FITTING),
]


async def test_users_that_cannot_be(world: World) -> None:
    await world.accounts.add_user("erika", "Erika", Role.SUPPORT)
    await world.accounts.add_user("anna", "Anna", Role.SUPERVISOR, agent=ANNA)
    for login, name, role, customer, agent, fault in CANNOT_BE:
        with faulty(fault):
            await world.accounts.add_user(login, name, role, customer, agent)
    with faulty(Fault.LANGUAGE):
        await world.accounts.add_user("sven", "Sven", Role.SUPPORT, language="fr")
    assert [user.login for user in await world.accounts.users()] == ["anna", "erika"]


async def test_a_link_is_good_once(world: World) -> None:
    user, link = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    identity = await world.accounts.link(link)
    assert identity and identity.user == user
    await world.accounts.redeem(link, GOOD)
    assert await world.accounts.link(link) is None
    with pytest.raises(LinkOver, match="this link is used or too old: ask for a new one"):
        await world.accounts.redeem(link, BETTER)
    await world.signs_in("erika")


async def test_two_who_use_a_link_at_once_choose_one_password(world: World) -> None:
    _, link = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    both = (world.accounts.redeem(link, GOOD), world.accounts.redeem(link, BETTER))
    said = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["LinkOver", "NoneType"]
    chosen, other = (GOOD, BETTER) if said[0] is None else (BETTER, GOOD)
    with refused(Why.WRONG):
        await world.signs_in("erika", other)
    await world.signs_in("erika", chosen)


async def test_a_link_is_over_after_its_time_or_with_the_next_or_with_its_user(world: World) -> None:
    user, invited = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    world.clock.turn(days=7, seconds=-1)
    assert await world.accounts.link(invited)
    world.clock.turn(seconds=1)
    again = await world.accounts.invite(user)
    await world.accounts.redeem(again, GOOD)
    forgotten = await world.accounts.invite(user)
    world.clock.turn(days=1)
    assert [await world.accounts.link(link) for link in (invited, again, forgotten, "")] == [None] * 4
    first, second = await world.accounts.invite(user), await world.accounts.invite(user)
    assert (await world.accounts.link(first), bool(await world.accounts.link(second))) == (None, True)
    await world.accounts.disable(user)
    assert await world.accounts.link(second) is None
    with faulty(Fault.USER_UNKNOWN):
        await world.accounts.invite(UserId(99))


async def test_a_new_password_by_link_ends_sessions_and_waits(world: World) -> None:
    user = await world.has("erika")
    token = (await world.signs_in("erika")).token
    for _ in range(FREE):
        with refused(Why.WRONG):
            await world.signs_in("erika", "forgotten")
    await world.accounts.redeem(await world.accounts.invite(user), BETTER)
    assert await world.accounts.session(token) is None
    await world.signs_in("erika", BETTER)


WEAK: dict[str, tuple[Weakness, ...]] = {
    "kurz": (Weakness.SHORT, Weakness.GUESSABLE),
    "nebel-wegner-deich": (Weakness.OWN_WORDS,),
    "nebel-muster-deich": (Weakness.OWN_WORDS,),
    "nebel-k1-vorzimmer": (Weakness.OWN_WORDS,),
    "123456789012": (Weakness.GUESSABLE,),
    "qwertzuiop12": (Weakness.GUESSABLE,),
    "iloveyou1234": (Weakness.GUESSABLE,),
    "a" * 24: (Weakness.GUESSABLE,),
    "a" * 64 + "tR9#kLm2vQx!": (Weakness.GUESSABLE,),
    "zuckerwatte-am-fluss-" * 7: (Weakness.LONG,),
}


async def test_weak_passwords_are_refused_with_every_reason(world: World) -> None:
    _, link = await world.accounts.add_user("eri@x.example", "Erika Wegner", Role.CUSTOMER, world.k1)
    for password, reasons in WEAK.items():
        with pytest.raises(WeakPassword) as refused_password:
            await world.accounts.redeem(link, password)
        assert (password, refused_password.value.reasons) == (password, reasons)
        assert str(refused_password.value) == ", ".join(reasons)
    await world.accounts.redeem(link, GOOD)


async def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(world: World) -> None:
    user = await world.has("erika")
    link = await world.accounts.invite(user)
    mine, other = (await world.signs_in("erika")).token, (await world.signs_in("erika", address=THERE)).token
    with refused(Why.WRONG):
        await world.accounts.change_password(user, BETTER, BETTER, mine)
    with pytest.raises(WeakPassword):
        await world.accounts.change_password(user, GOOD, "kurz", mine)
    await world.accounts.change_password(user, GOOD, BETTER, mine)
    assert [bool(await world.accounts.session(token)) for token in (mine, other)] == [True, False]
    assert await world.accounts.link(link) is None
    with refused(Why.WRONG):
        await world.signs_in("erika")
    await world.signs_in("erika", BETTER)


async def test_who_finds_an_open_session_cannot_guess_the_password(world: World) -> None:
    user = await world.has("erika")
    token = (await world.signs_in("erika")).token
    for _ in range(FREE):
        with refused(Why.WRONG):
            await world.accounts.change_password(user, "guessed", BETTER, token)
    with refused(Why.THROTTLED, 2):
        await world.accounts.change_password(user, GOOD, BETTER, token)
    await world.signs_in("erika")
    with faulty(Fault.USER_UNKNOWN):
        await world.accounts.change_password(UserId(99), GOOD, BETTER, token)


async def test_the_last_admin_who_can_sign_in_stays(world: World) -> None:
    admin, sven = await world.has("admin", Role.ADMIN), await world.has("sven")
    second, link = await world.accounts.add_user("second", "Second", Role.ADMIN)
    with faulty(Fault.LAST_ADMIN):
        await world.accounts.disable(admin)
    await world.accounts.redeem(link, GOOD)
    said = await asyncio.gather(
        world.accounts.disable(admin, by=sven), world.accounts.disable(second), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in said) == ["AccountError", "NoneType"]
    users = await world.accounts.users()
    assert [user.login for user in users if not user.disabled and user.role is Role.ADMIN] == [
        "second" if said[0] is None else "admin"
    ]
    with pytest.raises(AccountError, match="there is no such user"):
        await world.accounts.disable(UserId(99))


async def test_nobody_disables_oneself_and_a_customers_last_user_is_supports_to_disable(world: World) -> None:
    erika, sven = await world.has("erika", Role.CUSTOMER, world.k1), await world.has("sven")
    max_, link = await world.accounts.add_user("max", "Max", Role.CUSTOMER, world.k1)
    with faulty(Fault.ONESELF):
        await world.accounts.disable(erika, by=erika)
    with faulty(Fault.LAST_OF_CUSTOMER):
        await world.accounts.disable(erika, by=max_)
    await world.accounts.redeem(link, GOOD)
    said = await asyncio.gather(
        world.accounts.disable(erika, by=max_), world.accounts.disable(max_, by=erika), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in said) == ["AccountError", "NoneType"]
    await world.accounts.disable(erika, by=sven)
    await world.accounts.disable(max_, by=sven)
    assert all(user.disabled for user in await world.accounts.users(world.k1))


async def test_users_are_listed_by_customer_and_found_by_login_or_name(world: World) -> None:
    await world.accounts.add_user("Erika@Muster.de", "Erika Wegner", Role.CUSTOMER, world.k1)
    await world.accounts.add_user("sven", "Sven 100% Wegner", Role.CUSTOMER, world.k2)
    await world.accounts.add_user("olga", "Olga Öztürk", Role.SUPPORT)

    async def listed(customer: CustomerId | None = None, search: str = "", most: int = 10) -> list[str]:
        return [user.login for user in await world.accounts.users(customer, search, most)]

    assert await listed() == ["Erika@Muster.de", "olga", "sven"]
    assert await listed(most=1) == ["Erika@Muster.de"]
    assert await listed(world.k1) == ["Erika@Muster.de"]
    assert await listed(search="WEGNER") == ["Erika@Muster.de", "sven"]
    assert await listed(world.k2, "wegner") == ["sven"]
    assert await listed(search="öZTÜRK") == ["olga"]
    assert await listed(search="%") == ["sven"]
    assert await listed(search="\0") == []
    found = await world.accounts.user_of("ERIKA@muster.de")
    assert found and (found.customer_number, found.customer_name) == ("K1", "Muster GmbH")
    assert await world.accounts.user(found.id) == found
    for unknown in (0, -1, 99, 2**31, 2**63):
        with faulty(Fault.USER_UNKNOWN):
            await world.accounts.user(UserId(unknown))
    assert await world.accounts.user_of("two words") is None
    assert [await world.accounts.customer_of(number) for number in ("K9", "k1", "K1\0")] == [None] * 3
    with faulty(Fault.LANGUAGE):
        await world.accounts.set_language(found.id, "fr")


async def test_with_its_customer_and_its_agent_a_user_is_gone(world: World) -> None:
    erika = await world.has("erika", Role.CUSTOMER, world.k1)
    await world.has("other", Role.CUSTOMER, world.k2)
    await world.accounts.add_user("anna", "Anna", Role.AGENT, agent=ANNA)
    tokens = [(await world.signs_in(login)).token for login in ("erika", "other")]
    programs = await world.accounts.new_token(erika, "Kalender", 1)
    link = await world.accounts.invite(erika)
    left = CUSTOMERS.replace("{number: K1, name: Muster GmbH, tariff: always}, ", "").replace(
        "{login: anna, name: Anna, phone: {kind: browser}}, ", ""
    )
    await service_on(world.database).import_text(left, replace=True)
    assert [user.login for user in await world.accounts.users()] == ["other"]
    assert [bool(await world.accounts.session(token)) for token in tokens] == [False, True]
    assert (await world.accounts.by_token(programs), await world.accounts.link(link)) == (None, None)
    with refused(Why.WRONG):
        await world.signs_in("erika")
    assert [event.login for event in await world.accounts.events(erika)] == ["erika"] * 6
    again, _ = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    assert again > erika


async def test_no_secret_is_in_the_store_or_shown(world: World) -> None:
    user, link = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    await world.accounts.redeem(link, GOOD)
    signed_in = await world.signs_in("erika")
    totp = await world.accounts.begin_totp(user, GOOD)
    second, program = await world.accounts.invite(user), await world.accounts.new_token(user, "Kalender", 1)
    known = await world.accounts.user_of("erika")
    assert known and known.password
    shown = "".join(map(repr, (signed_in, totp, known, await world.accounts.sessions(user))))
    secrets = (GOOD, link, second, signed_in.token, program)
    assert [secret for secret in (*secrets, totp.secret, known.password) if secret in shown] == []
    async with world.database.reading() as connection:
        held = "".join([repr((await connection.execute(select(table))).all()) for table in metadata.sorted_tables])
    assert "Erika Wegner" in held
    assert [secret for secret in secrets if secret in held] == []
