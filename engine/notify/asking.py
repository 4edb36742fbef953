"""One question to a provider over HTTPS, and what goes wrong on the way, in the words of a courier.

Rules of this file: nothing of a question reaches an error's text, for keys stand in it. An answer is waited for so
long and read so far, and no further. Redirects are not followed: they would carry the key elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from engine.message.states import Trouble
from engine.notify.told import on_one_line
from engine.ports.outbox import NotHanded

LIMIT = ClientTimeout(total=30, connect=10)
"""Seconds."""
LONGEST = 65_536
"""Bytes of an answer that are read."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Its `repr` shows no values."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    query: Mapping[str, str] | None = field(default=None, repr=False)
    reset: str = ""
    """The header, in lower case, that tells with 429 when more may be asked, as a Unix time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, and the text."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def said(self) -> Any:
        """The JSON that it is; None = it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):  # the second: nested deeper than anybody means it
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """Its JSON's fields; none where it has none."""
        return self.said if isinstance(self.said, dict) else {}


async def ask(question: Question) -> Answer:
    """The answer, below 500 and not 429. Raises NotHanded.

    One connection for each question: nothing is held open for minutes in which nobody sends anything.
    """
    try:
        async with (
            ClientSession(timeout=LIMIT) as http,
            http.request(
                question.method,
                question.url,
                headers=question.headers,
                data=question.form,
                json=question.json,
                params=question.query,
                allow_redirects=False,
            ) as reply,
        ):
            raw = await reply.content.read(LONGEST)
            while len(raw) < LONGEST and (more := await reply.content.read(LONGEST - len(raw))):
                raw += more
            headers = {name.lower(): value for name, value in reply.headers.items()}
            answer = Answer(reply.status, headers, raw.decode("utf-8", "replace"))
    except TimeoutError:
        raise NotHanded(Trouble.UNREACHABLE, f"no answer within {LIMIT.total:.0f} s") from None
    except (ClientError, OSError) as problem:
        raise NotHanded(Trouble.UNREACHABLE, type(problem).__name__) from None
    if answer.status == 429 or answer.status >= 500:
        raise _later(answer, question.reset)
    return answer


def words(answer: Answer, said: object = None) -> str:
    """Status, and what they have said about it, on one line."""
    return on_one_line(f"{answer.status} {said or answer.text}")


def _later(answer: Answer, reset: str) -> NotHanded:
    """Too many requests (RFC 6585 §4), or a fault of theirs."""
    after = wait(answer.headers, reset, datetime.now(UTC))
    if answer.status == 429:
        return NotHanded(Trouble.UNREACHABLE, words(answer), after=after, is_try=False)
    return NotHanded(Trouble.UNREACHABLE, words(answer), after=after)


def wait(headers: Mapping[str, str], reset: str, now: datetime) -> float | None:
    """Seconds that they want us to wait: Retry-After, a number or a date (RFC 9110 §10.2.3), or that other header."""
    wanted, until = headers.get("retry-after", "").strip(), headers.get(reset, "").strip()
    try:
        if wanted:
            return max(float(wanted) if wanted.isdecimal() else _moment(wanted) - now.timestamp(), 0.0)
        return max(float(until) - now.timestamp(), 0.0) if until.isdecimal() else None
    except ValueError:
        return None


def _moment(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
