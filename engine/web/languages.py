"""The languages of the pages: texts from gettext catalogues, dates and numbers as people write them there.

Rule of this file: the sources are English, so English needs no catalogue; the others are complete (a test says so).
Times are told in German time, for the service is a German one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Format, NullTranslations, Translations

from engine.service.customers import ZONE

LOCALES = Path(__file__).parent / "locales"
LANGUAGES: Mapping[str, str] = {"de": "Deutsch", "en": "English"}
"""Each in its own words; the first one is everybody's who has chosen nothing."""
DEFAULT = next(iter(LANGUAGES))


def N_(text: str) -> str:
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


class AsWritten(str):
    """What people have written, such as a contact's name: shown as it is, though a text of ours may read the same."""

    __slots__ = ()


def as_written(names: Iterable[str]) -> dict[str, str]:
    """Names to choose from, each in its own words."""
    return {name: AsWritten(name) for name in names}


class Writing(Format):
    """Dates, times and numbers of one language."""

    def date(self, date: date | None = None, format: Any = "medium") -> str:
        """The day; of a moment the one that it is in German time, where Babel alone would take the one in UTC."""
        if isinstance(date, datetime) and date.tzinfo is not None:
            date = date.astimezone(ZONE)
        return super().date(date, format)


@dataclass(frozen=True)
class Words:
    """One language. `format` writes dates, times and numbers."""

    language: str
    texts: NullTranslations
    format: Writing = field(init=False)

    def __post_init__(self) -> None:
        """Its way of writing is that of its main country."""
        locale = {"de": "de_DE", "en": "en_GB"}[self.language]
        object.__setattr__(self, "format", Writing(locale, ZONE))

    def __call__(self, text: str, **values: object) -> str:
        """A text in this language, with its `{placeholders}` filled; an empty one, and one `AsWritten`, as it is."""
        if isinstance(text, AsWritten):
            return text
        said = self.texts.gettext(text) if text else ""
        return said.format(**values) if values else said


def load_words() -> dict[str, Words]:
    """Every language by its code."""
    return {language: Words(language, _texts(language)) for language in LANGUAGES}


def catalogue_path(language: str) -> Path:
    """The committed catalogue."""
    return LOCALES / f"{language}.po"


@cache
def _texts(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_path(language).open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def wanted(accept_language: str) -> str:
    """The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4); the first one for none."""
    weighted: list[tuple[float, str]] = []
    for part in accept_language[:200].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), name.strip()))
        except ValueError:
            continue
    names = [name for weight, name in sorted(weighted, key=lambda one: -one[0]) if weight > 0]
    return negotiate_locale(names, list(LANGUAGES), sep="-") or DEFAULT
