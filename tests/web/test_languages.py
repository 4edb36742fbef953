"""The pages in every language: nothing is missing, nothing is left over, nothing is written into a template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
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


def sentences(source: str) -> Iterator[str]:
    """What a module says when it refuses a value, with `{}` for what it fills in."""
    for node in ast.walk(ast.parse(source)):
        said: ast.expr | None = None
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            said = node.exc.args[0]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_shaped":
            said = node.args[1]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield said.value
        if isinstance(said, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in said.values)
            yield "".join(map(str, parts))


def test_the_mistakes_in_what_customers_edit_are_known() -> None:
    """Those of `engine.entries.customers` and its fields; the others are met by admins alone, who read English."""
    engine = WEB.parent
    admins = ("sip:", "SIP user", "ASCII", "address or network", "whole internet", "code of a state")
    found = [
        sentence
        for path in (engine / "entries" / "customers.py", engine / "entries" / "fields.py", engine / "terms.py")
        for sentence in sentences(Path(path).read_text("utf-8"))
        if not any(word in sentence for word in admins)
    ]
    assert len(found) > 5
    german = load_words()["de"]
    unknown = [one for one in found if mistakes.translated(one, load_words()["en"]) == mistakes.translated(one, german)]
    assert unknown == []


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
