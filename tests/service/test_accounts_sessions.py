"""Sessions: how long they hold, who ends them, as whom they work; tokens for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.accounts import LIVES, MOST_SESSIONS, Role
from engine.service.accounts import Fault
from engine.terms import AgentId, CustomerId, UserId
from tests.accounts import CUSTOMERS, World, faulty
from tests.catalogue import service_on


async def holds(world: World, token: str) -> bool:
    return await world.accounts.session(token) is not None


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_an_idle_session_is_over(world: World, role: Role) -> None:
    await world.has("erika", role, world.k1 if role is Role.CUSTOMER else None)
    token = (await world.signs_in("erika")).token
    idle = LIVES[role].idle.total_seconds()
    world.clock.turn(seconds=idle - 1)
    assert await holds(world, token)
    world.clock.turn(seconds=idle - 1)
    assert await holds(world, token)
    world.clock.turn(seconds=idle)
    assert not await holds(world, token)
    world.clock.turn(seconds=-idle)
    assert not await holds(world, token)


async def test_a_session_in_use_is_over_too_at_its_end(world: World) -> None:
    user = await world.has("sven", Role.SUPPORT)
    token, used = (await world.signs_in("sven")).token, timedelta()
    while used < LIVES[Role.SUPPORT].absolute:
        assert await holds(world, token)
        world.clock.turn(minutes=30)
        used += timedelta(minutes=30)
    assert await world.accounts.sessions(user) == []
    assert not await holds(world, token)


async def test_use_is_written_down_once_a_minute(world: World) -> None:
    user = await world.has("sven")
    token = (await world.signs_in("sven")).token
    begun = world.clock.at

    async def seen_after(seconds: int) -> timedelta:
        world.clock.at = begun + timedelta(seconds=seconds)
        assert await holds(world, token)
        return (await world.accounts.sessions(user))[0].last_seen_at - begun

    assert [await seen_after(n) for n in (59, 60, 119)] == [timedelta(seconds=n) for n in (0, 60, 60)]


async def test_users_see_their_sessions_and_end_them(world: World) -> None:
    sven, other = await world.has("sven"), await world.has("olga")
    tokens = []
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        tokens.append((await world.signs_in("sven", address=address)).token)
        world.clock.turn(minutes=1)
    others = (await world.signs_in("olga")).token
    listed = await world.accounts.sessions(sven)
    assert [session.address for session in listed] == ["192.0.2.3", "192.0.2.2", "192.0.2.1"]
    await world.accounts.end_session(other, listed[0].id)
    await world.accounts.end_session(sven, listed[0].id, by=other)
    await world.accounts.end_session(sven, listed[0].id)
    assert [await holds(world, token) for token in tokens] == [True, True, False]
    await world.accounts.sign_out_everywhere(sven, tokens[0])
    assert [await holds(world, token) for token in (*tokens, others)] == [True, False, False, True]
    await world.accounts.sign_out_everywhere(sven, others)
    assert [await holds(world, token) for token in (*tokens, others)] == [False, False, False, True]
    with faulty(Fault.USER_UNKNOWN):
        await world.accounts.sign_out_everywhere(UserId(99))
    told = [(event.what, event.by) for event in await world.accounts.events(sven)][:3]
    assert told == [("signed_out_everywhere", None), ("signed_out_everywhere", None), ("session_ended", other)]


async def test_one_session_too_many_ends_the_one_that_was_idle_for_longest(world: World) -> None:
    user = await world.has("anna.s", Role.SUPERVISOR)
    tokens = []
    for _ in range(MOST_SESSIONS):
        tokens.append((await world.signs_in("anna.s")).token)
        world.clock.turn(minutes=1)
    assert await holds(world, tokens[0])
    tokens.append((await world.signs_in("anna.s")).token)
    assert [n for n, token in enumerate(tokens) if not await holds(world, token)] == [1]
    assert len(await world.accounts.sessions(user)) == MOST_SESSIONS
    world.clock.turn(hours=8)
    newest = (await world.signs_in("anna.s")).token
    assert [session.created_at for session in await world.accounts.sessions(user)] == [world.clock.at]
    assert await holds(world, newest)


async def test_a_session_is_worth_what_its_user_is_worth_now(world: World) -> None:
    await world.has("admin", Role.ADMIN)
    user = await world.has("sven")
    token = (await world.signs_in("sven")).token
    await world.accounts.set_language(user, "en")
    session = await world.accounts.session(token)
    assert session and session.identity.language == "en"
    await world.accounts.disable(user)
    assert not await holds(world, token)
    await world.accounts.disable(user, False)
    assert not await holds(world, token)


async def test_support_works_as_a_customer_and_it_is_written_down(world: World) -> None:
    user = await world.has("sven")
    token = (await world.signs_in("sven")).token

    async def acting_for() -> CustomerId | None:
        session = await world.accounts.session(token)
        assert session
        return session.identity.acting_for

    await world.accounts.act_for(token, None)
    assert await acting_for() is None
    await world.accounts.act_for(token, world.k2)
    assert await acting_for() == world.k2
    with faulty(Fault.CUSTOMER_UNKNOWN):
        await world.accounts.act_for(token, CustomerId(99))
    assert await acting_for() == world.k2
    await world.accounts.act_for(token, None)
    assert await acting_for() is None
    assert (await world.told(user))[4:] == [("acts_for", "K2"), ("acts_no_more_for", "K2")]


async def test_customers_and_agents_work_as_nobody_else(world: World) -> None:
    await world.has("erika", Role.CUSTOMER, world.k1)
    _, link = await world.accounts.add_user("anna", "Anna", Role.AGENT, agent=AgentId("anna"))
    await world.accounts.redeem(link, "nebel.ueber.dem.deich")
    agents = await world.signs_in("anna", "nebel.ueber.dem.deich")
    assert agents.identity.agent == "anna"
    for token in ((await world.signs_in("erika")).token, agents.token, "no token"):
        with faulty(Fault.NOT_ALLOWED):
            await world.accounts.act_for(token, world.k2)


async def test_who_works_as_a_customer_that_goes_is_himself_again(world: World) -> None:
    await world.has("sven")
    token = (await world.signs_in("sven")).token
    await world.accounts.act_for(token, world.k2)
    await service_on(world.database).import_text(CUSTOMERS.partition(", {number: K2")[0] + "]", replace=True)
    session = await world.accounts.session(token)
    assert session and session.identity.acting_for is None


async def test_a_token_for_a_program_is_shown_once_and_has_an_end(world: World) -> None:
    user, other = await world.has("sven"), await world.has("olga")
    token = await world.accounts.new_token(user, "Kalender\n", 30)
    assert token.startswith("vz_")
    identity = await world.accounts.by_token(token)
    assert identity and identity.user == user
    [kept] = await world.accounts.tokens(user)
    assert (kept.name, kept.expires_at - kept.made_at, kept.used_at) == (
        "Kalender", timedelta(days=30), world.clock.at,
    )  # fmt: skip
    assert await world.accounts.by_token(token[:-1]) is None
    first = world.clock.at
    world.clock.turn(seconds=59)
    await world.accounts.by_token(token)
    assert [kept.used_at for kept in await world.accounts.tokens(user)] == [first]
    await world.accounts.drop_token(other, kept.id)
    assert await world.accounts.by_token(token)
    await world.accounts.drop_token(user, kept.id)
    assert (await world.accounts.by_token(token), await world.accounts.tokens(user)) == (None, [])
    assert (await world.told(user))[3:] == [("token_made", "Kalender"), ("token_dropped", "Kalender")]


async def test_a_token_is_over_in_time_and_with_its_user(world: World) -> None:
    user = await world.has("sven")
    token = await world.accounts.new_token(user, "Kalender", 1)
    await world.accounts.disable(user)
    assert await world.accounts.by_token(token) is None
    await world.accounts.disable(user, False)
    world.clock.turn(hours=24, seconds=-1)
    assert await world.accounts.by_token(token)
    world.clock.turn(seconds=1)
    assert await world.accounts.by_token(token) is None
    for days in (0, 367):
        with faulty(Fault.TOKEN_DAYS):
            await world.accounts.new_token(user, "Kalender", days)
    with faulty(Fault.USER_UNKNOWN):
        await world.accounts.new_token(UserId(99), "Kalender", 1)
