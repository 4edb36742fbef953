"""Users: made, listed, disabled; their one-time links and passwords.

Rule of this file: nobody ever learns another's password. Who makes a user, or helps somebody who has forgotten the
password, gets a link that is good once, and the user chooses (ASVS 5.0, 6.4.1 and 6.4.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.accounts import BadLogin, Identity, Role, link_life, login_key
from engine.accounts.refusals import AccountError, Fault, LinkOver
from engine.entries.fields import is_name
from engine.ports.accounts import AccountRows, User
from engine.service.accounts.base import Part, existing
from engine.service.accounts.sessions import end_all
from engine.service.accounts.tokens import digest, new_token
from engine.terms import AgentId, CustomerId, UserId

LANGUAGES = ("de", "en")
MOST = 200
_EVERYBODY = 10_000
"""More users than a customer has."""


class Users(Part):
    """See `Accounts`."""

    async def add_user(
        self,
        login: str,
        name: str,
        role: Role,
        customer: CustomerId | None = None,
        agent: AgentId | None = None,
        language: str = "de",
        *,
        by: UserId | None = None,
    ) -> tuple[UserId, str]:
        """A new user, and the token of the one-time link by which the password is chosen. Raises AccountError."""
        token = new_token()

        def work(rows: AccountRows) -> UserId:
            user = User(UserId(0), login, name, role, self._clock.now(), customer, agent, language)
            key = _judge(rows, user)
            made = rows.add_user(user, key)
            user = existing(rows, made)
            self._note(rows, user, "user_added", role, by=by)
            self._invite(rows, user, token, by)
            return made

        return await self._store.write(work), token

    async def invite(self, user: UserId, *, without_totp: bool = False, by: UserId | None = None) -> str:
        """The token of a new one-time link; earlier ones die. It holds a week, or a day where there is a password.

        `without_totp`: the authenticator app is lost and counts no more. Raises AccountError.
        """
        token = new_token()

        def work(rows: AccountRows) -> None:
            known = existing(rows, user)
            if without_totp and known.totp:
                rows.change_user(replace(known, totp=None, totp_begun=None))
                self._note(rows, known, "totp_dropped", by=by)
            self._invite(rows, known, token, by)

        await self._store.write(work)
        return token

    def _invite(self, rows: AccountRows, user: User, token: str, by: UserId | None) -> None:
        now = self._clock.now()
        rows.drop_links(user.id)
        rows.add_link(digest(token), user.id, now + link_life(user.password is not None))
        self._note(rows, user, "link_made", by=by)

    async def link(self, token: str) -> Identity | None:
        """Whose link this is; None if it is over."""
        user = await self._store.read(lambda rows: self._linked(rows, token))
        return user.identity() if user else None

    async def redeem(self, token: str, password: str) -> None:
        """Choose the password by a one-time link, which ends every session. Raises WeakPassword, LinkOver.

        It opens no session: who has an authenticator app needs it to sign in (ASVS 5.0, 6.4.3).
        """
        user = await self._store.read(lambda rows: self._linked(rows, token))
        if user is None:
            raise LinkOver
        hashed = await self._hash_new(user, password)

        def work(rows: AccountRows) -> None:
            known = self._linked(rows, token)
            if known is None:
                raise LinkOver
            rows.drop_failures(digest(login_key(known.login)), None)
            self._set_password(rows, known, hashed)
            end_all(rows, known.id)
            self._note(rows, known, "link_used")

        await self._store.write(work)

    async def change_password(self, user: UserId, old: str, new: str, but_token: str) -> None:
        """Also ends every session but that of `but_token`. Raises Refused, WeakPassword, AccountError."""
        known = await self.prove(user, old)
        hashed = await self._hash_new(known, new)

        def work(rows: AccountRows) -> None:
            self._set_password(rows, existing(rows, user), hashed)
            end_all(rows, user, but_token)
            self._note(rows, known, "password_changed")

        await self._store.write(work)

    def _set_password(self, rows: AccountRows, user: User, hashed: str) -> None:
        rows.drop_links(user.id)
        rows.change_user(replace(user, password=hashed))

    def _linked(self, rows: AccountRows, token: str) -> User | None:
        found = rows.link(digest(token))
        if found is None or found[0].disabled or found[1] <= self._clock.now():
            return None
        return found[0]

    async def users(self, customer: CustomerId | None = None, search: str = "", most: int = MOST) -> Sequence[User]:
        """By login: those of one customer, or all whose login or name has `search` in it."""
        if not search.isprintable():
            return []
        return await self._store.read(lambda rows: rows.users(customer, search, most))

    async def user_of(self, login: str) -> User | None:
        """By login, however it is written."""
        try:
            key = login_key(login)
        except BadLogin:
            return None
        return await self._store.read(lambda rows: rows.user_of_login(key))

    async def customer_of(self, number: str) -> CustomerId | None:
        """By customer number."""
        if not number.isprintable():
            return None
        return await self._store.read(lambda rows: rows.customer_of(number))

    async def customer(self, customer: CustomerId) -> tuple[str, str] | None:
        """The number and the name of the customer whose users these are; None if there is none such."""
        return await self._store.read(lambda rows: rows.customer(customer))

    async def disable(self, user: UserId, disabled: bool = True, *, by: UserId | None = None) -> None:
        """A disabled user's sessions and links are over at once. Raises AccountError for oneself and the last one."""

        def work(rows: AccountRows) -> None:
            known = existing(rows, user)
            if disabled:
                _judge_going(rows, known, by)
            rows.change_user(replace(known, disabled=disabled))
            if disabled:
                end_all(rows, user)
                rows.drop_links(user)
            self._note(rows, known, "disabled" if disabled else "enabled", by=by)

        await self._store.write(work)

    async def set_language(self, user: UserId, language: str) -> None:
        """`de` or `en`. Raises AccountError."""
        if language not in LANGUAGES:
            raise AccountError(Fault.LANGUAGE)
        await self._store.write(lambda rows: rows.change_user(replace(existing(rows, user), language=language)))


def _judge_going(rows: AccountRows, user: User, by: UserId | None) -> None:
    """Nobody locks oneself out, nor the last who could let others in; a customer's last one is support's to disable."""
    if by == user.id:
        raise AccountError(Fault.ONESELF)
    if user.role is Role.ADMIN and not _others(user, rows.admins()):
        raise AccountError(Fault.LAST_ADMIN)
    is_own = user.customer is not None and by is not None and existing(rows, by).customer == user.customer
    if is_own and not _others(user, rows.users(user.customer, "", _EVERYBODY)):
        raise AccountError(Fault.LAST_OF_CUSTOMER)


def _others(user: User, users: Sequence[User]) -> bool:
    return any(one.id != user.id and one.password and not one.disabled for one in users)


def _judge(rows: AccountRows, user: User) -> str:
    """The key of its login. Raises AccountError."""
    try:
        key = login_key(user.login)
    except BadLogin:
        raise AccountError(Fault.LOGIN_SHAPE) from None
    if not is_name(user.name):
        raise AccountError(Fault.NAME_SHAPE)
    if user.language not in LANGUAGES:
        raise AccountError(Fault.LANGUAGE)
    if rows.user_of_login(key):
        raise AccountError(Fault.LOGIN_TAKEN)
    _judge_customer(rows, user)
    _judge_agent(rows, user)
    return key


def _judge_customer(rows: AccountRows, user: User) -> None:
    if user.role is not Role.CUSTOMER:
        if user.customer is not None:
            raise AccountError(Fault.CUSTOMER_NOT_FITTING)
    elif user.customer is None:
        raise AccountError(Fault.CUSTOMER_NEEDED)
    elif rows.customer(user.customer) is None:
        raise AccountError(Fault.CUSTOMER_UNKNOWN)


def _judge_agent(rows: AccountRows, user: User) -> None:
    if user.agent is None:
        if user.role is Role.AGENT:
            raise AccountError(Fault.AGENT_NEEDED)
    elif user.role not in (Role.AGENT, Role.SUPERVISOR):
        raise AccountError(Fault.AGENT_NOT_FITTING)
    elif not (user.agent.isprintable() and rows.has_agent(user.agent)):
        raise AccountError(Fault.AGENT_UNKNOWN)
    elif rows.user_of_agent(user.agent):
        raise AccountError(Fault.AGENT_TAKEN)
