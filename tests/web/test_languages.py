"""The pages in every language: nothing is missing, nothing is left over, nothing is written into a template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from string import Formatter

import pytest
from jinja2 import Environment

from engine.web import mistakes
from engine.web.languages import LANGUAGES, load_words, wanted
from tests.web.messages import WEB, kept, texts

OTHERS = [language for language in LANGUAGES if language != "en"]
SPOKEN = {"alt", "aria-label", "placeholder", "title"}
"""Attributes that people read or hear."""
NAMES = {"Vorzimmer"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    catalogue = kept(language)
    known = {message.id for message in catalogue if message.id}
    asked = {message.id for message in texts() if message.id}
    assert (sorted(asked - known), sorted(known - asked)) == ([], [])
    assert [message.id for message in catalogue if message.id and (message.fuzzy or not message.string)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    def placeholders(text: object) -> list[str]:
        return sorted(name for _, name, _, _ in Formatter().parse(str(text)) if name is not None)

    messages = [message for message in kept(language) if message.id]
    assert [one.id for one in messages if placeholders(one.id) != placeholders(one.string)] == []


def test_the_day_of_a_moment_is_the_one_in_germany() -> None:
    write = load_words()["de"].format
    late = datetime(2026, 7, 1, 23, 30)
    days = [write.date(at, "short") for at in (late.replace(tzinfo=UTC), late, late.date())]
    assert days == ["02.07.26", "01.07.26", "01.07.26"]


class Visible(HTMLParser):
    """The texts of a page that people read."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is read of an element beside its text."""
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        """A text."""
        self.found.append(data)


def written(template: str) -> list[str]:
    """The words that stand in the template itself, outside of what Jinja fills in."""
    tokens = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).lex(template)
    visible = Visible()
    visible.feed("".join(value for _, kind, value in tokens if kind == "data"))
    words = (re.sub(r'[\w-]+="[^"]*"', "", text).strip(" \n·–:,;.…/()") for text in visible.found)
    return [word for word in words if re.search(r"[^\W\d_]", word) and word not in NAMES]


def test_what_stands_in_a_template_is_found() -> None:
    planted = '<p title="Hint">{{ _("good") }} bad {% if x %}<b>worse</b>{% endif %} {# no #} Vorzimmer · </p>'
    assert written(planted) == ["Hint", "bad", "worse"]


def test_no_template_has_a_text_of_its_own() -> None:
    found = {path.name: written(path.read_text("utf-8")) for path in sorted((WEB / "templates").rglob("*.html"))}
    assert len(found) > 5
    assert {name: words for name, words in found.items() if words} == {}


ADMINS_ALONE = {
    "hours.list", "hours.mapping", "hours.outgrown", "path", "phone.password", "phone_password", "string_type.quotes",
}  # fmt: skip
"""Codes of mistakes that only a file can have: who writes one reads English."""
CODED = {"HoursError", "NotANumber", "NotStricter", "Refusal", "Wrong", "_shaped"}


def codes(source: str) -> Iterator[str]:
    """The codes of all mistakes that this source can find."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODED:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_mistake_that_customers_can_make_has_words() -> None:
    engine = WEB.parent
    places = [*engine.glob("*.py"), *engine.glob("service/*.py")]
    places += [
        path for room in ("entries", "directory", "law", "hours", "message") for path in (engine / room).glob("*.py")
    ]
    found = {code for path in places for code in codes(path.read_text("utf-8"))}
    assert found - ADMINS_ALONE - mistakes.WORDS_OF.keys() == set()
    assert found >= ADMINS_ALONE


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR, fr;q=0.9", "de"),
        ("fr, en;q=0.5, de;q=0.7", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("en;q=x", "de"),
        ("*", "de"),
        (";;;,,,=" * 1000, "de"),
    ],
)
def test_the_browser_says_which_language_is_preferred(header: str, language: str) -> None:
    assert wanted(header) == language
