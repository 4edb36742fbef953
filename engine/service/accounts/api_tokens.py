"""Tokens for programs, which are let in as the user who made them.

Rule of this file: a token is shown once, has an end, and is worth what its user is worth at the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.accounts import SEEN_EVERY, TOKEN_DAYS, Identity
from engine.ports.accounts import AccountRows, ApiToken
from engine.service.accounts.base import Part, existing, line
from engine.service.accounts.errors import AccountError, Fault
from engine.service.accounts.tokens import API, digest, new_token
from engine.terms import UserId


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
