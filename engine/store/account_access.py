"""What lets users in, in the store: sessions, failures, tokens for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from engine.accounts import Failures, Tries
from engine.ports.accounts import ApiToken, StoredSession, User
from engine.store.account_users import USERS, as_user
from engine.store.tables import api_tokens, sessions, sign_in_failures, users
from engine.terms import CustomerId, UserId

_SESSIONS = USERS.join(sessions, sessions.c.user == users.c.id).add_columns(
    *(column.label(f"session_{column.name}") for column in sessions.c)
)
_TOKENS = USERS.join(api_tokens, api_tokens.c.user == users.c.id).add_columns(
    *(column.label(f"token_{column.name}") for column in api_tokens.c)
)
_FAILED = sign_in_failures.c


class AccessRows:
    """The half of `engine.ports.accounts.AccountRows` that is about getting in."""

    def __init__(self, connection: Connection) -> None:
        """Over one connection, in whatever transaction it is."""
        self._connection = connection

    def add_session(self, token: str, session: StoredSession) -> None:
        """A new one; the id in `session` is not looked at."""
        values = {
            "token": token,
            "user": session.user.id,
            "created_at": session.created_at,
            "last_seen_at": session.last_seen_at,
            "address": session.address,
            "device": session.device,
            "acting_for": session.acting_for,
        }
        self._connection.execute(insert(sessions).values(values))

    def session(self, token: str) -> StoredSession | None:
        """By its token's hash."""
        row = self._connection.execute(_SESSIONS.where(sessions.c.token == token)).one_or_none()
        return None if row is None else _as_session(row)

    def sessions(self, user: UserId) -> Sequence[StoredSession]:
        """The one last in use first."""
        order = sessions.c.last_seen_at.desc(), sessions.c.id.desc()
        wanted = _SESSIONS.where(sessions.c.user == user).order_by(*order)
        return [_as_session(row) for row in self._connection.execute(wanted)]

    def seen(self, session: int, at: datetime) -> None:
        """It is in use."""
        self._connection.execute(update(sessions).where(sessions.c.id == session).values(last_seen_at=at))

    def act_for(self, session: int, customer: CustomerId | None) -> None:
        """It works as this customer now."""
        self._connection.execute(update(sessions).where(sessions.c.id == session).values(acting_for=customer))

    def drop_sessions(self, gone: Sequence[int]) -> None:
        """They are over."""
        if gone:
            self._connection.execute(delete(sessions).where(sessions.c.id.in_(gone)))

    def tries(self, login: str, network: str, since: datetime) -> Tries:
        """What went wrong since then that has to do with this login or this address."""
        mine, here = _FAILED.login == login, _FAILED.network == network
        return Tries(
            own=self._failures(since, and_(mine, here)),
            address=self._failures(since, here),
            codes=self._failures(since, and_(mine, _FAILED.code)),
            elsewhere=self._failures(since, and_(mine, ~here)).count,
        )

    def _failures(self, since: datetime, which: ColumnElement[bool]) -> Failures:
        wanted = select(func.count(), func.max(_FAILED.at, type_=_FAILED.at.type)).where(which, _FAILED.at > since)
        count, last = self._connection.execute(wanted).one()
        return Failures(count, last)

    def add_failure(self, login: str, network: str, at: datetime) -> int:
        """One more; its id."""
        values = {"login": login, "network": network, "at": at, "code": False}
        made: int = self._connection.execute(insert(sign_in_failures).values(values).returning(_FAILED.id)).scalar_one()
        return made

    def is_of_code(self, failure: int) -> None:
        """It was a wrong code after the right password."""
        self._connection.execute(update(sign_in_failures).where(_FAILED.id == failure).values(code=True))

    def drop_failure(self, failure: int) -> None:
        """It was none."""
        self._connection.execute(delete(sign_in_failures).where(_FAILED.id == failure))

    def drop_failures(self, login: str, network: str | None) -> None:
        """Those of this login at this address and all its wrong codes; None = all of this login."""
        which = or_(_FAILED.network == network, _FAILED.code) if network is not None else _FAILED.login == login
        self._connection.execute(delete(sign_in_failures).where(_FAILED.login == login, which))

    def forget_failures(self, before: datetime) -> None:
        """Older ones."""
        self._connection.execute(delete(sign_in_failures).where(_FAILED.at <= before))

    def add_token(self, token: str, kept: ApiToken) -> None:
        """A new one; the id in `kept` is not looked at."""
        values = {
            "token": token,
            "user": kept.user,
            "name": kept.name,
            "made_at": kept.made_at,
            "expires_at": kept.expires_at,
        }
        self._connection.execute(insert(api_tokens).values(values))

    def token(self, token: str) -> tuple[User, ApiToken] | None:
        """By its hash: whose, and what is known of it."""
        row = self._connection.execute(_TOKENS.where(api_tokens.c.token == token)).one_or_none()
        if row is None:
            return None
        kept = (row.token_id, row.id, row.token_name, row.token_made_at, row.token_expires_at, row.token_used_at)
        return as_user(row), ApiToken(*kept)

    def tokens(self, user: UserId) -> Sequence[ApiToken]:
        """The newest first."""
        wanted = select(api_tokens).where(api_tokens.c.user == user).order_by(api_tokens.c.id.desc())
        return [
            ApiToken(row.id, row.user, row.name, row.made_at, row.expires_at, row.used_at)
            for row in self._connection.execute(wanted)
        ]

    def token_used(self, token: int, at: datetime) -> None:
        """It is in use."""
        self._connection.execute(update(api_tokens).where(api_tokens.c.id == token).values(used_at=at))

    def drop_token(self, token: int) -> None:
        """It is over."""
        self._connection.execute(delete(api_tokens).where(api_tokens.c.id == token))


def _as_session(row: Row[Any]) -> StoredSession:
    return StoredSession(
        row.session_id,
        as_user(row),
        row.session_created_at,
        row.session_last_seen_at,
        row.session_address,
        row.session_device,
        row.session_acting_for,
    )
