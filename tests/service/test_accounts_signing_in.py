"""Signing in: who gets in, who does not, what is told, what it costs."""

from __future__ import annotations

import asyncio
import threading

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from engine.accounts import Role
from engine.accounts.throttle import FREE
from engine.service.accounts import Passwords, Refused, SignedIn, Why
from engine.service.accounts.hashing import AT_ONCE
from engine.store.accounts import StoredAccounts
from engine.store.database import Database
from tests.accounts import BETTER, GOOD, HERE, THERE, World, quick, refused

WRONG = "regen.ueber.dem.deich"


class Watched(PasswordHasher):
    """Quick, and tells which hashes it looked at."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, kept: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified.append(str(kept))
        return super().verify(kept, password)


class Held(PasswordHasher):
    """Looks at nothing before it is let go, and counts how many it holds."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go, self.begun, self.lock = threading.Event(), threading.Semaphore(0), threading.Lock()
        self.inside = self.most = 0

    def verify(self, kept: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.begun.release()
        assert self.go.wait(60)
        with self.lock:
            self.inside -= 1
        return super().verify(kept, password)


async def outcome(world: World, login: str, password: str, address: str = HERE) -> str:
    try:
        await world.signs_in(login, password, address=address)
    except Refused as said:
        return said.why.value
    return "in"


async def test_the_first_day(world: World) -> None:
    user, link = await world.accounts.add_user(
        "Erika@Muster.de", "Erika Wegner", Role.CUSTOMER, world.k1, language="en"
    )
    with refused(Why.WRONG):
        await world.signs_in("erika@muster.de")
    await world.accounts.redeem(link, GOOD)
    signed_in = await world.signs_in("erika@muster.de")
    session = await world.accounts.session(signed_in.token)
    assert session is not None
    assert session.identity == signed_in.identity
    who = (signed_in.identity.user, signed_in.identity.login, signed_in.identity.customer, signed_in.identity.language)
    assert who == (user, "Erika@Muster.de", world.k1, "en")
    assert (session.address, session.device) == (HERE, "Firefox")
    await world.accounts.sign_out(signed_in.token)
    assert await world.accounts.session(signed_in.token) is None
    await world.accounts.sign_out(signed_in.token)
    assert [(e.what, e.detail, e.user, e.login, e.address) for e in await world.accounts.events(user)] == [
        ("signed_out", "", user, "Erika@Muster.de", ""),
        ("signed_in", "", user, "Erika@Muster.de", HERE),
        ("link_used", "", user, "Erika@Muster.de", ""),
        ("sign_in_failed", "password", user, "Erika@Muster.de", HERE),
        ("link_made", "", user, "Erika@Muster.de", ""),
        ("user_added", "customer", user, "Erika@Muster.de", ""),
    ]


async def test_an_unknown_login_costs_and_tells_the_same_as_a_wrong_password(database: Database) -> None:
    hasher = Watched()
    world = await World.on(database, Passwords(hasher))
    user = await world.has("erika")
    kept = await world.accounts.user_of("erika")
    for login in ("erika", "nobody", "not a login", "nul\0", "\ud800"):
        with refused(Why.WRONG):
            await world.signs_in(login, WRONG)
    nobodys = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43
    assert kept and kept.password
    assert kept.password.startswith(nobodys[:27])
    assert hasher.verified == [kept.password, *[nobodys] * 4]
    told = [(event.user, event.login, event.what) for event in await world.accounts.events(most=5)]
    assert told == [*[(None, "", "sign_in_failed")] * 4, (user, "erika", "sign_in_failed")]


async def test_nobodys_hash_is_no_password() -> None:
    for passwords in (Passwords(), quick()):
        assert [await passwords.verify(None, password) for password in ("", "\0" * 32, GOOD)] == [False] * 3


async def test_a_disabled_user_is_told_so_only_with_the_right_password(world: World) -> None:
    user = await world.has("erika")
    await world.accounts.disable(user)
    with refused(Why.WRONG):
        await world.signs_in("erika", WRONG)
    with refused(Why.DISABLED):
        await world.signs_in("erika")
    await world.accounts.disable(user, False)
    assert (await world.signs_in("erika")).identity.user == user


async def test_guessing_is_slowed_down_at_its_address_alone(database: Database) -> None:
    hasher = Watched()
    world = await World.on(database, Passwords(hasher))
    user = await world.has("erika")
    assert [await outcome(world, "ERIKA", WRONG) for _ in range(FREE)] == ["wrong"] * FREE
    hasher.verified.clear()
    with refused(Why.THROTTLED, 2):
        await world.signs_in("erika")
    assert hasher.verified == []
    assert await outcome(world, "erika", GOOD, THERE) == "in"
    world.clock.turn(seconds=2)
    assert await outcome(world, "erika", WRONG) == "wrong"
    with refused(Why.THROTTLED, 4):
        await world.signs_in("erika")
    world.clock.turn(seconds=4)
    assert await outcome(world, "erika", GOOD) == "in"
    assert [await outcome(world, "erika", WRONG) for _ in range(FREE)] == ["wrong"] * FREE
    assert [await outcome(world, "sven", WRONG) for _ in range(2)] == ["wrong"] * 2
    told = [detail for what, detail in await world.told(user) if what == "sign_in_failed"]
    late = "password, next try in"
    assert told == [*["password"] * 4, f"{late} 2 s", f"{late} 4 s", *["password"] * 4, f"{late} 2 s"]


async def test_failures_are_forgotten_after_an_hour(world: World) -> None:
    await world.has("erika")
    assert [await outcome(world, "erika", WRONG) for _ in range(FREE)] == ["wrong"] * FREE
    assert await outcome(world, "erika", GOOD) == "throttled"
    world.clock.turn(hours=1)
    assert [await outcome(world, "erika", WRONG) for _ in range(FREE)] == ["wrong"] * FREE
    assert await outcome(world, "erika", GOOD) == "throttled"


async def test_many_at_once_cannot_all_be_the_first(world: World) -> None:
    await world.has("erika")
    said = await asyncio.gather(*(outcome(world, "erika", WRONG) for _ in range(20)))
    assert sorted(said) == [*["throttled"] * (20 - FREE), *["wrong"] * FREE]


async def test_while_twenty_sign_in_the_loop_and_the_store_serve_others(database: Database) -> None:
    hasher = Held()
    world = await World.on(database, Passwords(hasher))
    hasher.go.set()
    await world.has("erika")
    signed_in = await world.signs_in("erika")
    hasher.go.clear()
    hasher.most = 0
    assert hasher.begun.acquire(timeout=0)
    addresses = [f"192.0.2.{n}" for n in range(100, 120)]
    twenty = [asyncio.create_task(world.signs_in("erika", address=address)) for address in addresses]
    for _ in range(AT_ONCE):
        assert await asyncio.to_thread(hasher.begun.acquire, timeout=30)
    assert await world.accounts.session(signed_in.token) is not None
    assert [task for task in twenty if task.done()] == []
    hasher.go.set()
    done: list[SignedIn] = await asyncio.gather(*twenty)
    assert len({signed.token for signed in done}) == 20
    assert hasher.most == AT_ONCE


async def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(world: World) -> None:
    await world.has("erika")
    newer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    accounts = type(world.accounts)(StoredAccounts(world.database), world.clock, newer)
    for _ in range(2):
        await accounts.sign_in("erika", GOOD, address=HERE, device="")
        user = await accounts.user_of("erika")
        assert user and user.password
        assert user.password.startswith("$argon2id$v=19$m=16,t=2,p=1$")


async def test_a_password_that_was_changed_meanwhile_is_wrong(database: Database) -> None:
    hasher = Held()
    world = await World.on(database, Passwords(hasher))
    user, link = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    await world.accounts.redeem(link, GOOD)
    late = asyncio.create_task(world.signs_in("erika"))
    assert await asyncio.to_thread(hasher.begun.acquire, timeout=30)
    await world.accounts.redeem(await world.accounts.invite(user), BETTER)
    hasher.go.set()
    with refused(Why.WRONG):
        await late
    assert await world.accounts.sessions(user) == []


async def test_what_browsers_say_is_kept_in_one_short_line(world: World) -> None:
    await world.has("erika")
    signed_in = await world.accounts.sign_in("erika", GOOD, address="::1\0", device="Fire\nfox\0\ud800" + "x" * 500)
    session = await world.accounts.session(signed_in.token)
    assert session
    assert (session.address, session.device) == ("::1", "Firefox" + "x" * 190)


async def test_passwords_are_taken_as_they_come(world: World) -> None:
    user, link = await world.accounts.add_user("erika", "Erika Wegner", Role.SUPPORT)
    strange = " nebel\0 \ud800 UEBER dem deich "
    await world.accounts.redeem(link, strange)
    for wrong in (strange.strip(), strange.casefold(), strange[:-1]):
        with refused(Why.WRONG):
            await world.signs_in("erika", wrong)
    assert (await world.signs_in("erika", strange)).identity.user == user


def test_the_hashes_are_those_of_rfc_9106() -> None:
    kept = PasswordHasher().hash(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not Passwords().is_outdated(kept)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(kept, WRONG)
