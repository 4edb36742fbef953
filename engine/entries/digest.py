"""Entries of the daily summary by mail: of one contact's messages, or of all of the customer's (§5.2.3)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict

from engine.entries.base import Entry
from engine.entries.fields import Flag, Mail, each_once
from engine.terms import Wrong

MOST_ADDRESSES = 5
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def _time(text: str) -> str:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Wrong("digest.time", f"'{text}' is no time of day: write e.g. \"18:00\"", written=text)
    return f"{int(found[1]):02}:{found[2]}"


TimeOfDay = Annotated[str, Strict(), AfterValidator(_time)]
"""On the customer's own clocks, `00:00` to `23:59`."""


class DigestEntry(Entry):
    """When the summary comes: what was taken since the one before, up to that time."""

    at: TimeOfDay
    days: Literal["working", "daily"] = "working"
    """Working days are Monday to Friday but for the public holidays of the customer's `state`."""
    empty: Flag = False
    """Whether it comes also when there is nothing to tell."""


class CustomerDigestEntry(DigestEntry):
    """The summary of all messages of the customer, whomever they are for."""

    mail: Annotated[tuple[Mail, ...], Field(min_length=1, max_length=MOST_ADDRESSES), AfterValidator(each_once)]
