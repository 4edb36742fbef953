"""What was typed into a form whose session had ended: kept in memory, until the same user has signed in again.

Rule of this file: nobody else ever gets it, in another browser not even its owner; no password or code is kept; there
is an end to how much and how long. Whose a session was is noted while it holds, for afterwards the store knows nothing.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from engine.service.accounts.tokens import digest
from engine.terms import UserId
from engine.web.forms import MOST_FIELDS, is_secret

LIFE = timedelta(minutes=30)
LARGEST = 64 * 1024
"""Bytes of one form."""
MOST, MOST_SESSIONS = 200, 10_000
"""Forms that are kept, and sessions whose owners are known; of more the oldest are forgotten."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent. `action`: where to; `back`: the page on which it stood."""

    user: UserId
    action: str
    back: str
    fields: tuple[tuple[str, str], ...]
    until: datetime

    @property
    def texts(self) -> list[str]:
        """What a person has written, without what the page has added."""
        return [text for name, text in self.fields if text.strip() and name not in ("version", "move") and text != "on"]


class Unsent:
    """Every form that waits for its user."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._owners: OrderedDict[str, UserId] = OrderedDict()
        self._kept: OrderedDict[str, Typed] = OrderedDict()

    def note(self, token: str, user: UserId) -> None:
        """The session with this token holds, and is this user's."""
        self._owners[digest(token)] = user
        self._owners.move_to_end(digest(token))
        _bound(self._owners, MOST_SESSIONS)

    async def keep(self, request: Request, token: str, back: str, now: datetime) -> bool:
        """Keep what this request has brought for the session's user; False if that cannot be."""
        key = digest(token)
        user, fields = self._owners.get(key), await typed_fields(request)
        if user is None or fields is None:
            return False
        query = f"?{request.url.query}" if request.url.query else ""
        self._kept.pop(key, None)
        self._kept[key] = Typed(user, request.url.path + query, back, fields, now + LIFE)
        _bound(self._kept, MOST)
        return True

    def hand_over(self, ended: str, begun: str, user: UserId, now: datetime) -> bool:
        """Who had the session that has ended has begun another: whether there is something typed for that user."""
        kept = self._kept.pop(digest(ended), None) if ended else None
        if kept is None or kept.user != user or kept.until <= now:
            return False
        self._kept[digest(begun)] = kept
        return True

    def of(self, token: str, user: UserId, now: datetime) -> Typed | None:
        """What waits in this session of this user's."""
        for old in [key for key, one in self._kept.items() if one.until <= now]:
            del self._kept[old]
        kept = self._kept.get(digest(token))
        return kept if kept and kept.user == user else None


async def typed_fields(request: Request) -> tuple[tuple[str, str], ...] | None:
    """What was typed, in its order; None for a file, for too much, or where a secret is part of it."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST or not _is_form(request):
        return None
    try:
        text = (await request.body()).decode("utf-8")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return None if any(value and is_secret(name) for name, value in fields) else tuple(fields)


def _is_form(request: Request) -> bool:
    return re.split("[; ]", request.headers.get("content-type", ""))[0].lower() == _FORM


def _bound(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def page_of(request: Request) -> str:
    """The page of ours on which the form stood that this request sends; the start page if unknown."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host"):
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")
