"""A message as Pushover takes it (§5.2.3.3; Pushover's Message API).

Rule of this file: how loud it is, the contact has chosen; an urgent message changes nothing of that (§5.2.3.3). What
Pushover would refuse or silently cut is made to fit here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from engine.message.letter import rows, subject
from engine.message.slip import Slip
from engine.message.words import wording

LONGEST_TITLE, LONGEST_MESSAGE, LONGEST_URL, LONGEST_URL_TITLE = 250, 1024, 512, 100
"""Characters of Unicode."""
SHORTEST_RETRY, LONGEST_EXPIRE, MOST_ALARMS = 30, 10_800, 50
"""Seconds, seconds, and how often an emergency is repeated at most, whatever its expiry says."""
_PRIORITIES = {"normal": 0, "high": 1, "emergency": 2}
_USUAL_RETRY, _USUAL_EXPIRE = 60, 3600
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent. Texts are within Pushover's limits and no title or message is empty."""

    title: str
    text: str
    url: str | None
    url_title: str | None
    """None without `url`."""
    priority: int
    """0 normal, 1 high, 2 emergency."""
    retry: int | None
    """Of an emergency: seconds between two alarms, at least `SHORTEST_RETRY`; else None."""
    expire: int | None
    """Of an emergency: seconds after which the alarms end, at most `LONGEST_EXPIRE`; else None."""


def push(slip: Slip, customer: str, options: Mapping[str, Any], url: str | None, language: str) -> Push:
    """The message for one recipient.

    `options`: the contact's `level` (`normal`, `high`, `emergency`), and `retry` and `expire` in seconds, as they were
    entered. A retry that would be repeated more than `MOST_ALARMS` times until the expiry is made longer, so that the
    alarms last until then. A `url` that is too long is left out, for half of one leads nowhere.
    """
    if url is not None and len(url) > LONGEST_URL:
        url = None
    priority = _PRIORITIES.get(options.get("level", "normal"), 0)
    retry, expire = _alarms(options) if priority == 2 else (None, None)
    return Push(
        _fitted(subject(slip, customer, language), LONGEST_TITLE),
        _fitted(_text(slip, customer, language), LONGEST_MESSAGE),
        url,
        _fitted(wording(language).in_portal, LONGEST_URL_TITLE) if url else None,
        priority,
        retry,
        expire,
    )


def _alarms(options: Mapping[str, Any]) -> tuple[int, int]:
    expire = min(max(int(options.get("expire", _USUAL_EXPIRE)), SHORTEST_RETRY), LONGEST_EXPIRE)
    retry = max(int(options.get("retry", _USUAL_RETRY)), SHORTEST_RETRY, ceil(expire / MOST_ALARMS))
    return min(retry, expire), expire


def _text(slip: Slip, customer: str, language: str) -> str:
    """The caller's words first, for a telephone's screen shows the beginning alone; then the rest of the note."""
    told = rows(slip, customer, language)
    words = wording(language)
    said = [value for label, value in told[-1:] if (label, value) == (words.text, slip.text)]
    rest = told[:-1] if said else told
    return "\n".join([*said, *(f"{label}: {value}" for label, value in rest)])


def _fitted(text: str, most: int) -> str:
    """The text in at most so many characters, cut at a word where there is one near the end."""
    if len(text) <= most:
        return text
    kept = text[: most - len(_CUT)]
    at_word = kept.rsplit(maxsplit=1)[0] if not text[len(kept)].isspace() and len(kept.split()) > 1 else kept
    return (at_word if len(at_word) > most // 2 else kept).rstrip() + _CUT
