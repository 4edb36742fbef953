"""The second factor: an authenticator app, begun, confirmed, dropped.

Rule of this file: it counts from its first right code on; to begin or drop it the password is asked for again, for a
session left open must not be enough (ASVS 5.0, 7.5.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.accounts.refusals import AccountError, Fault, Refused, Why
from engine.ports.accounts import AccountRows
from engine.service.accounts.base import Part, existing
from engine.service.accounts.codes import accepted, new_secret, uri
from engine.terms import UserId


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """What the app must know: to type, or as the text of a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


class SecondFactor(Part):
    """See `Accounts`."""

    async def begin_totp(self, user: UserId, password: str) -> TotpSecret:
        """A new secret; one that is in use stays so until this one is confirmed. Raises Refused, AccountError."""
        await self.prove(user, password)
        secret = new_secret()

        def work(rows: AccountRows) -> str:
            known = existing(rows, user)
            rows.change_user(replace(known, totp_begun=secret))
            return known.login

        return TotpSecret(secret, uri(secret, await self._store.write(work)))

    async def confirm_totp(self, user: UserId, code: str) -> None:
        """From now on signing in needs a code. Raises Refused (WRONG), AccountError."""

        def work(rows: AccountRows) -> None:
            known = existing(rows, user)
            if known.totp_begun is None:
                raise AccountError(Fault.TOTP_NOT_BEGUN)
            step = accepted(known.totp_begun, code, self._clock.now(), None)
            if step is None:
                raise Refused(Why.WRONG)
            rows.change_user(replace(known, totp=known.totp_begun, totp_begun=None, totp_step=step))
            self._note(rows, known, "totp_confirmed")

        await self._store.write(work)

    async def drop_totp(self, user: UserId, password: str) -> None:
        """Signing in needs no code any more. Raises Refused, AccountError."""
        await self.prove(user, password)

        def work(rows: AccountRows) -> None:
            known = existing(rows, user)
            rows.change_user(replace(known, totp=None, totp_begun=None))
            self._note(rows, known, "totp_dropped")

        await self._store.write(work)
