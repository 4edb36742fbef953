"""The second factor: an authenticator app."""

from __future__ import annotations

import asyncio

from pyotp import parse_uri

from engine.accounts import Role
from engine.accounts.throttle import FREE
from engine.service.accounts import Fault, Refused, Why
from engine.terms import UserId
from tests.accounts import BETTER, GOOD, THERE, World, faulty, refused


async def test_from_its_first_code_on_the_app_is_needed(world: World) -> None:
    user = await world.has("erika@muster.de")
    begun = await world.accounts.begin_totp(user, GOOD)
    told = parse_uri(begun.uri)
    assert (told.secret, told.name, told.issuer) == (begun.secret, "erika@muster.de", "Vorzimmer")
    await world.signs_in("erika@muster.de")
    with refused(Why.WRONG):
        await world.accounts.confirm_totp(user, world.code(begun.secret, 2))
    await world.accounts.confirm_totp(user, world.code(begun.secret))
    with refused(Why.CODE_NEEDED):
        await world.signs_in("erika@muster.de")
    with refused(Why.WRONG):
        await world.signs_in("erika@muster.de", BETTER)
    world.clock.turn(seconds=30)
    await world.signs_in("erika@muster.de", code=world.code(begun.secret))
    with faulty(Fault.TOTP_NOT_BEGUN):
        await world.accounts.confirm_totp(user, world.code(begun.secret))
    assert ("signed_in", "with a code") in await world.told(user)


async def test_a_code_is_good_once(world: World) -> None:
    secret = await world.has_an_app(await world.has("erika"))
    code, before = world.code(secret), world.code(secret, -1)
    with refused(Why.CODE_NEEDED):
        await world.signs_in("erika")
    await world.signs_in("erika", code=f"{code[:3]} {code[3:]}")
    for used in (code, before):
        with refused(Why.WRONG):
            await world.signs_in("erika", code=used)
    await world.signs_in("erika", code=world.code(secret, 1))


async def test_a_code_that_two_show_at_once_lets_one_in(world: World) -> None:
    secret = await world.has_an_app(await world.has("erika"))
    both = [world.signs_in("erika", code=world.code(secret), address=address) for address in ("192.0.2.8", THERE)]
    said = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["Refused", "SignedIn"]
    assert [one.why for one in said if isinstance(one, Refused)] == [Why.WRONG]


async def test_the_code_that_confirmed_does_not_sign_in(world: World) -> None:
    user = await world.has("erika")
    begun = await world.accounts.begin_totp(user, GOOD)
    code = world.code(begun.secret)
    await world.accounts.confirm_totp(user, code)
    with refused(Why.WRONG):
        await world.signs_in("erika", code=code)


async def test_what_is_no_code(world: World) -> None:
    await world.has_an_app(await world.has("erika"))
    for code in ("0", "abcdef", "１２３４５６", "-12345", "1e5", "\0", "\ud800", "1" * 500):
        with refused(Why.WRONG):
            await world.signs_in("erika", code=code)
        world.clock.turn(minutes=16)
    with refused(Why.CODE_NEEDED):
        await world.signs_in("erika", code="")


async def test_clocks_may_be_one_step_off(world: World) -> None:
    secret = await world.has_an_app(await world.has("erika"))
    for steps in (-2, 2):
        with refused(Why.WRONG):
            await world.signs_in("erika", code=world.code(secret, steps))
    for steps in (-1, 0, 1):
        await world.signs_in("erika", code=world.code(secret, steps))


async def test_wrong_codes_make_everybody_wait_for_only_who_knows_the_password_makes_them(world: World) -> None:
    user = await world.has("erika")
    secret = await world.has_an_app(user)
    for n in range(FREE):
        with refused(Why.WRONG):
            await world.signs_in("erika", code=world.code(secret, 5), address=f"192.0.2.{n}")
    with refused(Why.THROTTLED, 2):
        await world.signs_in("erika", code=world.code(secret), address=THERE)
    world.clock.turn(seconds=2)
    await world.signs_in("erika", code=world.code(secret), address=THERE)
    with refused(Why.WRONG):
        await world.signs_in("erika", code=world.code(secret, 5))
    told = [detail for what, detail in await world.told(user) if what == "sign_in_failed"]
    assert told == ["code"] * 4 + ["code, next try in 2 s", "code"]


async def test_many_codes_at_once_are_not_more_than_one_after_the_other(world: World) -> None:
    secret = await world.has_an_app(await world.has("erika"))
    wrong = world.code(secret, 5)

    async def outcome(n: int) -> str:
        try:
            await world.signs_in("erika", code=wrong, address=f"192.0.2.{n}")
        except Refused as said:
            return said.why.value
        return "in"

    said = await asyncio.gather(*(outcome(n) for n in range(20)))
    assert sorted(said) == [*["throttled"] * (20 - FREE), *["wrong"] * FREE]


async def test_setting_up_and_dropping_the_app_need_the_password(world: World) -> None:
    user = await world.has("erika")
    with refused(Why.WRONG):
        await world.accounts.begin_totp(user, BETTER)
    with faulty(Fault.TOTP_NOT_BEGUN):
        await world.accounts.confirm_totp(user, "123456")
    old = await world.has_an_app(user)
    begun = await world.accounts.begin_totp(user, GOOD)
    await world.signs_in("erika", code=world.code(old))
    await world.accounts.confirm_totp(user, world.code(begun.secret))
    world.clock.turn(minutes=1)
    with refused(Why.WRONG):
        await world.signs_in("erika", code=world.code(old))
    with refused(Why.WRONG):
        await world.accounts.drop_totp(user, BETTER)
    await world.accounts.drop_totp(user, GOOD)
    await world.signs_in("erika")
    told = [what for what, _ in await world.told(user) if what.startswith("totp")]
    assert told == ["totp_confirmed", "totp_confirmed", "totp_dropped"]
    with faulty(Fault.USER_UNKNOWN):
        await world.accounts.drop_totp(UserId(99), GOOD)


async def test_a_link_does_not_go_around_the_app_but_where_an_admin_says_so(world: World) -> None:
    admin, user = await world.has("admin", Role.ADMIN), await world.has("erika")
    await world.has_an_app(user)
    await world.accounts.redeem(await world.accounts.invite(user), BETTER)
    with refused(Why.CODE_NEEDED):
        await world.signs_in("erika", BETTER)
    await world.accounts.redeem(await world.accounts.invite(user, without_totp=True, by=admin), GOOD)
    await world.signs_in("erika")
    told = [(event.what, event.by) for event in await world.accounts.events(user) if event.what.startswith("totp")]
    assert told == [("totp_dropped", admin), ("totp_confirmed", None)]
