"""A YAML text as entries, each with its place in the file, and every mistake in their form.

Rule of this file: reading goes on after a mistake, so that one reading finds all. What is sound of an entry is kept
apart: it is judged with the others, never imported.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.entries import SECTIONS, KeyedEntry
from engine.service.catalogue_mistakes import explain, suggestion
from engine.service.catalogue_yaml import Document, Mistake, Path, read

Key = tuple[str, str]
"""Section and key of an entry."""


_NAMELESS = "\n{}"
"""Key of an entry that has none of its own; no name has a line break."""


@dataclass(slots=True)
class File:
    """What was found in the text."""

    document: Document
    entries: dict[Key, KeyedEntry] = field(default_factory=dict)
    remains: dict[Key, KeyedEntry] = field(default_factory=dict)
    """Entries with mistakes, without the fields that have them."""
    places: dict[Key, Path] = field(default_factory=dict)
    """Where each entry is, whatever is wrong with it."""
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, path: Path, message: str, line: int | None = None) -> None:
        """Note a mistake at this path."""
        while path and path[:-1] in self.document.written:
            path = path[:-1]  # E.g. a line's number that stands alone, without its key.
        if line is None and any(path == known for _, known, _ in self.document.mistakes):
            return  # Said already, with its own reason.
        found = Mistake(line or self.document.line(path), self._shown(path), message)
        if found not in self.mistakes:
            self.mistakes.append(found)

    def _shown(self, path: Path) -> str:
        """E.g. `customers[K1001].wait.treatment`, by the entry's key where it has one."""
        shown = ""
        for depth, step in enumerate(path):
            if isinstance(step, str):
                shown += f".{step}" if shown else step
            else:
                shown += f"[{self._name_at(path[: depth + 1]) or step}]"
        return shown

    def _name_at(self, path: Path) -> str | None:
        section, *below = path
        kind = SECTIONS.get(str(section))
        if kind is None or len(below) != 1:
            return None
        return self.document.written.get((*path, kind.key))


def read_file(text: str, country: str) -> File:
    """The entries of the text. `country`: the installation's country code, for numbers written as `030 …`."""
    document = read(text)
    file = File(document)
    for line, path, message in document.mistakes:
        file.mistake(path, message, line)
    if document.mistakes and document.data is None:
        return file
    if not isinstance(document.data, dict):
        file.mistake((), f"there is nothing to import: write sections, {', '.join(SECTIONS)}")
        return file
    for section, content in document.data.items():
        _read_section(file, section, content, country)
    return file


def _read_section(file: File, section: str, content: Any, country: str) -> None:
    if section not in SECTIONS:
        known = ", ".join(SECTIONS)
        file.mistake((section,), f"unknown section{suggestion(section, SECTIONS) or f': write one of {known}'}")
    elif content is not None and not isinstance(content, list):
        file.mistake((section,), "write a list of entries, each with a '-'")
    else:
        for place, values in enumerate(content or ()):
            _read_entry(file, (section, place), values, country)


def _read_entry(file: File, path: Path, values: Any, country: str) -> None:
    section, place = path
    kind = SECTIONS[str(section)]
    name = values.get(kind.key) if isinstance(values, dict) else None
    key = (str(section), _NAMELESS.format(place) if name is None else str(name))
    if key in file.places:
        first = file.document.line(file.places[key])
        file.mistake((*path, kind.key), f"'{name}' is in line {first} already: write it once")
        return
    file.places[key] = path
    read = read_entry(kind, values, country)
    for at, error in read.mistakes:
        whole = (*path, *at)
        written = file.document.written
        file.mistake(whole, str(explain(error, kind, written.get(whole) or written.get(whole[:-1]))))
    if read.entry is not None:
        file.entries[key] = read.entry
    elif read.remains is not None:
        file.remains[key] = read.remains


@dataclass(frozen=True, slots=True)
class Read:
    """Values as an entry; either `entry` or `mistakes` is there."""

    entry: KeyedEntry | None
    mistakes: tuple[tuple[Path, ErrorDetails], ...] = ()
    remains: KeyedEntry | None = None
    """The entry without the values that have mistakes, if that is one."""


def read_entry(kind: type[KeyedEntry], values: Any, country: str) -> Read:
    """The entry that the values say, in the words of YAML. `country`: as for `read_file`."""
    try:
        return Read(kind.model_validate(values, context={"country": country}))
    except ValidationError as error:
        wrong = tuple((found["loc"], found) for found in error.errors(include_input=False, include_url=False))
    if isinstance(values, dict) and all(at for at, _ in wrong):
        paths = [at for at, _ in wrong]
        for lost in (paths, [at[:1] for at in paths]):
            rest = {kind.key: "x", "name": "x", **_without(values, lost)}
            with suppress(ValidationError):
                return Read(None, wrong, kind.model_validate(rest, context={"country": country}))
    return Read(None, wrong)


def _without(values: dict[str, Any], paths: list[Path]) -> dict[str, Any]:
    """The values but those at these paths; a list with a mistake goes whole, for places tell its members apart."""
    whole = {path[0] for path in paths if len(path) == 1 or not all(isinstance(step, str) for step in path)}
    rest = {key: value for key, value in values.items() if key not in whole}
    for key in {path[0] for path in paths} - whole:
        if isinstance(rest.get(str(key)), dict):
            rest[str(key)] = _without(rest[str(key)], [path[1:] for path in paths if path[0] == key])
    return rest
