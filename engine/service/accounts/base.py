"""What the parts of the accounts service share.

Rules of this file: a try is written down as a failure before the password is looked at, and crossed out when it was
right, so that many at once cannot all be the first. What is decided within a transaction is decided on what is stored
at that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.accounts import WINDOW, BadLogin, login_key, network_of, own_words, seconds_to_wait, weaknesses
from engine.accounts.refusals import AccountError, Fault, Refused, WeakPassword, Why
from engine.ports import Clock
from engine.ports.accounts import AccountEvent, AccountRows, AccountStore, User
from engine.service.accounts.hashing import Passwords
from engine.service.accounts.tokens import digest
from engine.terms import UserId

_LONGEST_LINE = 200
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Try:
    """One try to prove who one is. `login`: the hash that failures are counted by."""

    login: str
    address: str
    network: str
    failure: int = 0
    """As which it is written down for now."""
    user: User | None = None


class Part:
    """Over one store and one clock."""

    def __init__(self, store: AccountStore, clock: Clock, passwords: Passwords | None = None) -> None:
        """Asks nothing yet."""
        self._store, self._clock = store, clock
        self._passwords = passwords or Passwords()

    async def _prove(self, login: str, password: str, address: str, network: str | None = None) -> tuple[User, Try]:
        """The user whose password it is. Raises Refused: THROTTLED or WRONG.

        The try stays written down as a failure; whoever asked crosses it out.
        """
        key, name = _keys(login)
        tried = await self._begin(key, Try(name, address, network_of(address) if network is None else network))
        user = tried.user
        if await self._passwords.verify(user.password if user else None, password) and user:
            return user, tried
        await self._store.write(lambda rows: self._failed(rows, tried, user, "password"))
        raise Refused(Why.WRONG)

    async def _begin(self, key: str | None, tried: Try) -> Try:
        def work(rows: AccountRows) -> Try | float:
            now = self._clock.now()
            rows.forget_failures(now - WINDOW)
            if wait := seconds_to_wait(rows.tries(tried.login, tried.network, now - WINDOW), now):
                return wait
            failure = rows.add_failure(tried.login, tried.network, now)
            user = rows.user_of_login(key) if key else None
            return Try(tried.login, tried.address, tried.network, failure, user)

        begun = await self._store.write(work)
        if isinstance(begun, float):
            raise Refused(Why.THROTTLED, begun)
        return begun

    def _failed(self, rows: AccountRows, tried: Try, user: User | None, what: str) -> None:
        now = self._clock.now()
        wait = seconds_to_wait(rows.tries(tried.login, tried.network, now - WINDOW), now)
        detail = f"{what}, next try in {wait:.0f} s" if wait else what
        self._note(rows, user, "sign_in_failed", detail, address=tried.address)

    async def prove(self, user: UserId, password: str) -> User:
        """It is the user who asks, and not somebody at a screen left open. Raises Refused, AccountError."""
        known = await self.user(user)
        proven, tried = await self._prove(known.login, password, "", network=f"user {user}")
        await self._store.write(lambda rows: rows.drop_failures(tried.login, tried.network))
        return proven

    async def user(self, user: UserId) -> User:
        """By id. Raises AccountError."""
        return await self._store.read(lambda rows: existing(rows, user))

    async def _hash_new(self, user: User, password: str) -> str:
        """The hash of a new password. Raises WeakPassword."""
        words = own_words(user.login, user.name, user.customer_name or "", user.customer_number or "")
        found = weaknesses(password, words, await self._passwords.guesses(password))
        if found:
            raise WeakPassword(found)
        return await self._passwords.hash(password)

    def _note(
        self,
        rows: AccountRows,
        user: User | None,
        what: str,
        detail: str = "",
        *,
        by: UserId | None = None,
        address: str = "",
    ) -> None:
        whose, login = (user.id, user.login) if user else (None, "")
        rows.note(AccountEvent(self._clock.now(), whose, login, what, detail, by, address))

    async def events(self, user: UserId | None = None, most: int = 100) -> Sequence[AccountEvent]:
        """What became of this account, or of all, the latest first."""
        return await self._store.read(lambda rows: rows.events(user, most))

    async def forget_events(self, keep: timedelta) -> int:
        """Forget what became of accounts longer ago than that; how many lines it were.

        Some at a time, so that nobody who signs in waits for it.
        """
        before, gone = self._clock.now() - keep, 0
        while some := await self._store.write(lambda rows: rows.forget_events(before, _AT_ONCE)):
            gone += some
        return gone


def existing(rows: AccountRows, user: UserId) -> User:
    """The user with this id. Raises AccountError."""
    found = rows.user(user)
    if found is None:
        raise AccountError(Fault.USER_UNKNOWN)
    return found


def line(text: str) -> str:
    """Foreign text as something that can be stored and shown on one line."""
    return "".join(letter for letter in text[:_LONGEST_LINE] if letter.isprintable())


def _keys(login: str) -> tuple[str | None, str]:
    """What the user is found by, None if nobody can have such a login; and what failures are counted by."""
    try:
        key = login_key(login)
    except BadLogin:
        return None, digest(login)
    return key, digest(key)
