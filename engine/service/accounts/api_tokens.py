"""Tokens for programs, which are let in as the user who made them.

Rules of this file:
- A token is shown once, has an end, and is worth what its user is worth at the moment.
- It cannot be guessed, so a right one is always let in. Wrong ones are slowed down by address to spare store
  and log; they are counted apart, so a forgotten program makes no person wait at the sign-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.accounts import SEEN_EVERY, TOKEN_DAYS, WINDOW, Identity, network_of, seconds_to_wait
from engine.accounts.refusals import AccountError, Fault, Refused, Why
from engine.ports.accounts import AccountRows, ApiToken
from engine.service.accounts.base import Part, existing, line
from engine.service.accounts.tokens import API, digest, new_token
from engine.terms import UserId

_PROGRAMS = "programs"
"""As whose failures wrong tokens are counted; no login has such a hash."""


class ApiTokens(Part):
    """See `Accounts`."""

    async def new_token(self, user: UserId, name: str, days: int) -> str:
        """A token for `days` (1 to 366); `name` is for people, to know it by. Raises AccountError."""
        if days not in TOKEN_DAYS:
            raise AccountError(Fault.TOKEN_DAYS)
        token, now = new_token(API), self._clock.now()

        def work(rows: AccountRows) -> None:
            known = existing(rows, user)
            rows.add_token(digest(token), ApiToken(0, user, line(name), now, now + timedelta(days=days)))
            self._note(rows, known, "token_made", line(name))

        await self._store.write(work)
        return token

    async def tokens(self, user: UserId) -> Sequence[ApiToken]:
        """Those of this user, also those that are over, the newest first."""
        return await self._store.read(lambda rows: rows.tokens(user))

    async def drop_token(self, user: UserId, token: int) -> None:
        """End one of this user's; nothing happens if it is another's."""

        def work(rows: AccountRows) -> None:
            for kept in rows.tokens(user):
                if kept.id == token:
                    rows.drop_token(token)
                    self._note(rows, existing(rows, user), "token_dropped", kept.name)

        await self._store.write(work)

    async def let_in(self, text: str, *, address: str) -> Identity:
        """Whose token this is. `address`: the program's IP address. Raises Refused: WRONG, or THROTTLED after many."""
        if found := await self.by_token(text):
            return found
        network = f"{API}{network_of(line(address))}"

        def work(rows: AccountRows) -> Refused:
            now = self._clock.now()
            rows.forget_failures(now - WINDOW)
            if wait := seconds_to_wait(rows.tries(_PROGRAMS, network, now - WINDOW), now):
                return Refused(Why.THROTTLED, wait)
            rows.add_failure(_PROGRAMS, network, now)
            self._note(rows, None, "token_refused", address=line(address))
            return Refused(Why.WRONG)

        raise await self._store.write(work)

    async def by_token(self, text: str) -> Identity | None:
        """Whose token this is; None if there is none such, it is over, or the user is disabled."""
        found = await self._store.read(lambda rows: rows.token(digest(text)))
        if found is None:
            return None
        (user, kept), now = found, self._clock.now()
        if user.disabled or kept.expires_at <= now:
            return None
        if kept.used_at is None or now - kept.used_at >= SEEN_EVERY:
            await self._store.write(lambda rows: rows.token_used(kept.id, now))
        return user.identity()
