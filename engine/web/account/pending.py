"""Who has given the right password and is asked for a code now: kept in memory, for minutes, by a cookie of its own.

Rule of this file: no password comes back into a page, and nothing of it is written anywhere.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(minutes=5)
MOST = 1000
"""People at once; the oldest has to begin anew."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What the second step needs."""

    login: str
    password: str = field(repr=False)
    until: datetime
    next: str
    """The path of the page that was wanted."""


class PendingSignIns:
    """Everybody between the two steps."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._by_token: OrderedDict[str, Pending] = OrderedDict()

    def add(self, login: str, password: str, now: datetime, wanted: str) -> str:
        """The token for the cookie."""
        token = secrets.token_urlsafe(32)
        self._by_token[token] = Pending(login, password, now + LIFE, wanted)
        while len(self._by_token) > MOST:
            self._by_token.popitem(last=False)
        return token

    def get(self, token: str, now: datetime) -> Pending | None:
        """Who that is; None if nobody, or too late."""
        for old in [key for key, one in self._by_token.items() if one.until <= now]:
            del self._by_token[old]
        return self._by_token.get(token)

    def drop(self, token: str) -> None:
        """The second step is done."""
        self._by_token.pop(token, None)
