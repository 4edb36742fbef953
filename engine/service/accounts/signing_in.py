"""Signing in: password, one-time code, session.

Rule of this file: an unknown login and a wrong password take the same steps, the same time and get the same words
(ASVS 5.0, 6.3.8); that a user is disabled, or needs a code, is told to those alone who know the password.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.accounts import MOST_SESSIONS, WINDOW, Identity, Tries, expiry, seconds_to_wait
from engine.ports.accounts import AccountRows, StoredSession, User
from engine.service.accounts.base import Part, Try, line
from engine.service.accounts.codes import accepted
from engine.service.accounts.errors import Refused, Why
from engine.service.accounts.tokens import digest, new_token


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in; `token` is for the browser's cookie and is kept nowhere else."""

    token: str = field(repr=False)
    identity: Identity


class SigningIn(Part):
    """See `Accounts`."""

    async def sign_in(
        self, login: str, password: str, code: str | None = None, *, address: str, device: str
    ) -> SignedIn:
        """A new session. `address`: the client's IP address; `device`: its User-Agent. Raises Refused."""
        user, tried = await self._prove(login, password, line(address))
        renewed = user.password
        if renewed and self._passwords.is_outdated(renewed):
            renewed = await self._passwords.hash(password)
        token = new_token()

        def work(rows: AccountRows) -> Refused | Identity:
            now = rows.user(user.id)
            if now is None or now.password != user.password:  # while the password was looked at
                return Refused(Why.WRONG)
            checked = self._checked(rows, now, tried, code)
            if isinstance(checked, Refused):
                return checked
            rows.change_user(replace(checked, password=renewed, signed_in_at=self._clock.now()))
            self._open(rows, checked, digest(token), tried.address, line(device))
            return checked.identity()

        done = await self._store.write(work)
        if isinstance(done, Refused):
            raise done
        return SignedIn(token, done)

    def _checked(self, rows: AccountRows, user: User, tried: Try, code: str | None) -> User | Refused:
        """The user as it is after the code; with what was right, its failures are forgotten."""
        if user.disabled:
            rows.drop_failure(tried.failure)
            self._note(rows, user, "sign_in_failed", "disabled", address=tried.address)
            return Refused(Why.DISABLED)
        if user.totp:
            if not code:
                rows.drop_failure(tried.failure)
                return Refused(Why.CODE_NEEDED)
            now = self._clock.now()
            codes = rows.tries(tried.login, tried.network, now - WINDOW).codes
            if wait := seconds_to_wait(Tries(codes=codes), now):
                rows.drop_failure(tried.failure)
                return Refused(Why.THROTTLED, wait)
            step = accepted(user.totp, code, now, user.totp_step)
            if step is None:
                rows.is_of_code(tried.failure)
                self._failed(rows, tried, user, "code")
                return Refused(Why.WRONG)
            user = replace(user, totp_step=step)
        rows.drop_failures(tried.login, tried.network)
        return user

    def _open(self, rows: AccountRows, user: User, token: str, address: str, device: str) -> None:
        now = self._clock.now()
        kept = rows.sessions(user.id)
        over = [s.id for s in kept if expiry(user.role, s.created_at, s.last_seen_at) <= now]
        rest = [s.id for s in kept if s.id not in over]
        rows.drop_sessions([*over, *rest[MOST_SESSIONS - 1 :]])
        rows.add_session(token, StoredSession(0, user, now, now, address, device))
        self._note(rows, user, "signed_in", "with a code" if user.totp else "", address=address)
