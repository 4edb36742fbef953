"""`python -m tests.web.messages`: bring the catalogues up to date with the texts of the pages.

Rule of this file: what is new comes without a translation, which a test then asks for; what is gone is taken out;
nothing is guessed.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from engine.web.languages import DEFAULT, LANGUAGES, catalogue_path

WEB = Path(__file__).parents[2] / "engine" / "web"
_KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "words": None}
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""
"""Without a date: two who add texts must not meet in it."""
_OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}


def texts() -> Catalog:
    """Every text of the pages, with the files in which it stands."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for path in sorted([*WEB.rglob("*.py"), *WEB.rglob("*.html")]):
        method = "python" if path.suffix == ".py" else "jinja2"
        with path.open("rb") as source:
            for _, message, comments, context in extract(method, source, _KEYWORDS, (), _OPTIONS):
                place = path.relative_to(WEB).as_posix()
                found.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return found


def kept(language: str) -> Catalog:
    """The committed catalogue."""
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language)


def main() -> None:
    """Rewrite each catalogue."""
    for language in LANGUAGES:
        if language == "en":
            continue
        known = kept(language) if catalogue_path(language).exists() else Catalog(language)
        renewed = Catalog(language, charset="utf-8", fuzzy=False)
        for message in sorted((one for one in texts() if one.id), key=lambda one: str(one.id)):
            old = known.get(message.id)
            renewed.add(message.id, old.string if old else "", flags=message.flags)
        with catalogue_path(language).open("wb") as target:
            target.write(_HEADER.format(language=language, plurals=renewed.plural_forms).encode())
            write_po(target, renewed, omit_header=True, width=0)
        missing = [one.id for one in renewed if one.id and not one.string]
        print(f"{catalogue_path(language).name}: {len(renewed)} texts, {len(missing)} to translate")


if __name__ == "__main__":
    assert DEFAULT in LANGUAGES
    main()
