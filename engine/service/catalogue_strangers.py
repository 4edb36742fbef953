"""Pushover's user keys in a file that is imported: whether they are anybody's (§5.2.3.3).

Rule of this file: one after the other, so many and so long at most, and none once nobody can say: a file may have
thousands of them, and Pushover may be away. What is found is looked at by a person; it stops nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping

from engine.entries import CustomerEntry, KeyedEntry
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Path
from engine.service.pushover_keys import IsUser

MOST, LONGEST = 100, 20.0
"""Keys, and seconds for all of them."""


async def strangers(
    written: Mapping[Key, KeyedEntry], known: Iterable[KeyedEntry], is_user: IsUser
) -> tuple[list[tuple[Key, Path]], int]:
    """Where the file has keys that are nobody's, but for those that are known; and how many were not asked for."""
    there = {key for entry in known for _, key in _keys(entry)}
    new = list(dict.fromkeys(key for entry in written.values() for _, key in _keys(entry) if key not in there))
    nobodys, left = set(), len(new)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            for key in new[:MOST]:
                is_there = await is_user(key)
                if is_there is None:
                    break
                left -= 1
                if not is_there:
                    nobodys.add(key)
    return [(where, path) for where, entry in written.items() for path, key in _keys(entry) if key in nobodys], left


def _keys(entry: KeyedEntry) -> Iterator[tuple[Path, str]]:
    for place, one in enumerate(entry.contacts) if isinstance(entry, CustomerEntry) else ():
        if one.notify.pushover is not None:
            yield ("contacts", place, "notify", "pushover", "user"), one.notify.pushover.user
