"""Import, check and export of everything that an administrator writes down, as YAML.

Rule of this file: an import is judged on the very state that it changes, within one transaction, and happens as a
whole or not at all. Importing the same file again changes nothing.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from engine.entries import Catalogue, Changes, KeyedEntry
from engine.entries.passwords import completed, lacks_password
from engine.ports import CatalogueStore
from engine.service.catalogue_export import export_text
from engine.service.catalogue_reading import File, Key, read_file
from engine.service.catalogue_rules import judge
from engine.service.catalogue_strangers import strangers
from engine.service.catalogue_warnings import warnings
from engine.service.catalogue_yaml import Mistake
from engine.service.customer_limits import SHORTEST_TRIAL
from engine.service.customer_rules import Installation
from engine.service.pushover_keys import UNKNOWN, IsUser


class CatalogueError(Exception):
    """The file cannot be imported; `mistakes` has every reason, in the order of lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did, as sections and keys in the file's order: `("customers", "K1001")`."""

    created: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    unchanged: tuple[Key, ...] = ()
    deleted: tuple[Key, ...] = ()


def new_password() -> str:
    """A password for a phone: 24 letters, digits, `-` and `_`, 144 bits."""
    return secrets.token_urlsafe(18)


class CatalogueService:
    """Works on one store."""

    def __init__(
        self, store: CatalogueStore, rules: Installation, make_password: Callable[[], str] = new_password
    ) -> None:
        self._store = store
        self._rules = rules
        self._make_password = make_password

    async def check(self, text: str, *, replace: bool = False) -> list[Mistake]:
        """Every mistake of the file against the store as it stands, in the order of lines; changes nothing."""
        file = read_file(text, self._rules.country)
        self._judge(file, await self._store.load(), replace)
        return _in_order(file.mistakes)

    async def warnings(self, text: str, *, replace: bool = False) -> list[Mistake]:
        """What of the file looks wrong and stops nothing, against the store as it stands, in the order of lines."""
        file = read_file(text, self._rules.country)
        after = ({} if replace else (await self._store.load()).by_key()) | file.entries
        file.mistakes.clear()
        for key, path, words in warnings(after, file.entries):
            file.mistake((*file.places[key], *path), words)
        return _in_order(file.mistakes)

    async def strangers(self, text: str, is_user: IsUser) -> tuple[list[Mistake], int]:
        """The Pushover keys of the file that the store does not have and that are nobody's, in the order of lines; and
        how many of them could not be asked for. Asked before an import, for afterwards the store has them.
        """
        file = read_file(text, self._rules.country)
        places, left = await strangers(file.entries, (await self._store.load()).by_key().values(), is_user)
        file.mistakes.clear()
        for key, path in places:
            file.mistake((*file.places[key], *path), UNKNOWN)
        return _in_order(file.mistakes), left

    async def import_text(self, text: str, *, replace: bool = False) -> Summary:
        """Make and change what the file has; what it lacks stays, or with `replace` is deleted.

        Raises CatalogueError with every mistake, and nothing is changed then.
        """
        file = read_file(text, self._rules.country)
        summary = Summary()

        def decide(stored: Catalogue) -> Changes:
            nonlocal summary
            self._judge(file, stored, replace)
            if file.mistakes:
                raise CatalogueError(_in_order(file.mistakes))
            changes, summary = self._compare(file, stored.by_key(), replace)
            return changes

        await self._store.change(decide)
        return summary

    async def export(self, *, secrets: bool = False) -> str:
        """Everything as YAML that imports to the same again; passwords only if `secrets`."""
        return export_text(await self._store.load(), secrets=secrets)

    def _judge(self, file: File, stored: Catalogue, replace: bool) -> None:
        written = file.entries | file.remains
        after = ({} if replace else stored.by_key()) | written
        rules = dataclasses.replace(self._rules, own_sounds=stored.own_sounds, shortest_wait=SHORTEST_TRIAL)
        for key, path, wrong in judge(after, written, file.places, rules):
            file.mistake((*file.places[key], *path), str(wrong))
        known = stored.by_key()
        for key, entry in file.entries.items():
            if lack := lacks_password(completed(entry, known.get(key), self._make_password)):
                file.mistake((*file.places[key], "password"), str(lack))

    def _compare(self, file: File, stored: dict[Key, KeyedEntry], replace: bool) -> tuple[Changes, Summary]:
        wanted = {key: completed(entry, stored.get(key), self._make_password) for key, entry in file.entries.items()}
        put = {key: entry for key, entry in wanted.items() if stored.get(key) != entry}
        drop = stored.keys() - wanted.keys() if replace else set()
        return Changes(put, frozenset(drop)), Summary(
            created=tuple(key for key in put if key not in stored),
            changed=tuple(key for key in put if key in stored),
            unchanged=tuple(key for key in wanted if key not in put),
            deleted=tuple(key for key in stored if key in drop),
        )


def _in_order(mistakes: list[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda mistake: mistake.line)
