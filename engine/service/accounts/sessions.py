"""Sessions: what a cookie stands for, until it is over.

Rule of this file: a session is asked for with every request and is a row of the store, so ending it ends it at once,
and who the user is and may is what the store says now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.accounts import SEEN_EVERY, Action, Identity, expiry, may, overtime
from engine.accounts.refusals import AccountError, Fault
from engine.ports.accounts import AccountRows, StoredSession
from engine.service.accounts.base import Part, existing
from engine.service.accounts.tokens import digest
from engine.terms import CustomerId, UserId


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds. `address`, `device`: from where it was opened."""

    identity: Identity
    id: int
    created_at: datetime
    last_seen_at: datetime
    expires: datetime
    """If it is not used before."""
    address: str
    device: str


class Sessions(Part):
    """See `Accounts`."""

    async def session(self, token: str, is_late: Callable[[Session], Awaitable[bool]] | None = None) -> Session | None:
        """The session of this cookie; None if there is none or it is over. It counts as used now.

        `is_late(session)`: whether one whose time is over holds on, within `engine.accounts.overtime`.
        """
        found = await self._store.read(lambda rows: rows.session(digest(token)))
        if found is None:
            return None
        now, session = self._clock.now(), _as_session(found)
        if found.user.disabled or session.expires + overtime(found.user.role) <= now:
            await self._store.write(lambda rows: rows.drop_sessions([found.id]))
            return None
        if session.expires <= now:
            return session if is_late and await is_late(session) else None
        if now - found.last_seen_at >= SEEN_EVERY:
            await self._store.write(lambda rows: rows.seen(found.id, now))
        return session

    async def sessions(self, user: UserId, late: timedelta = timedelta()) -> list[Session]:
        """Those of this user that hold, the one last in use first; `late`: also those that are over no longer ago."""
        found = await self._store.read(lambda rows: rows.sessions(user))
        now = self._clock.now() - late
        return [session for session in map(_as_session, found) if session.expires > now]

    async def sign_out(self, token: str) -> None:
        """End this session; nothing happens if it is over."""

        def work(rows: AccountRows) -> None:
            if found := rows.session(digest(token)):
                rows.drop_sessions([found.id])
                self._note(rows, found.user, "signed_out")

        await self._store.write(work)

    async def end_session(self, user: UserId, session: int, *, by: UserId | None = None) -> None:
        """End one of this user's; nothing happens if it is over or another's."""

        def work(rows: AccountRows) -> None:
            mine = [found for found in rows.sessions(user) if found.id == session]
            if mine:
                rows.drop_sessions([session])
                self._note(rows, mine[0].user, "session_ended", by=by)

        await self._store.write(work)

    async def sign_out_everywhere(self, user: UserId, but: str | None = None, *, by: UserId | None = None) -> None:
        """End all of this user's, but the one with the token `but`. Raises AccountError."""

        def work(rows: AccountRows) -> None:
            owner = existing(rows, user)
            end_all(rows, user, but)
            self._note(rows, owner, "signed_out_everywhere", by=by)

        await self._store.write(work)

    async def act_for(self, token: str, customer: CustomerId | None) -> None:
        """Work in the portal as this customer from now on; None = as oneself again. Raises AccountError."""

        def work(rows: AccountRows) -> None:
            found = rows.session(digest(token))
            if found is None or not may(found.user.role, Action.ACT_FOR):
                raise AccountError(Fault.NOT_ALLOWED)
            acted = found.acting_for if customer is None else customer
            known = rows.customer(acted) if acted is not None else None
            if known is None and customer is not None:
                raise AccountError(Fault.CUSTOMER_UNKNOWN)
            rows.act_for(found.id, customer)
            if known:
                what = "acts_for" if customer is not None else "acts_no_more_for"
                self._note(rows, found.user, what, known[0], address=found.address)

        await self._store.write(work)


def end_all(rows: AccountRows, user: UserId, but: str | None = None) -> None:
    """End the user's sessions, but the one with this token."""
    kept = rows.session(digest(but)) if but else None
    rows.drop_sessions([found.id for found in rows.sessions(user) if not kept or found.id != kept.id])


def _as_session(found: StoredSession) -> Session:
    acting_for = found.acting_for if may(found.user.role, Action.ACT_FOR) else None
    return Session(
        found.user.identity(acting_for),
        found.id,
        found.created_at,
        found.last_seen_at,
        expiry(found.user.role, found.created_at, found.last_seen_at),
        found.address,
        found.device,
    )
