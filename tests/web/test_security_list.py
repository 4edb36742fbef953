"""What docs/security.md says of the code as a whole: its tests are there, nothing is shown unescaped."""

from __future__ import annotations

import re

from tests.catalogue import PROJECT
from tests.web.messages import WEB

LIST = (PROJECT / "docs" / "security.md").read_text("utf-8")


def test_every_test_that_the_list_names_is_there() -> None:
    there = {name for path in (PROJECT / "tests").rglob("test_*.py") for name in _tests(path.read_text("utf-8"))}
    named = set(re.findall(r"`(test_\w+)`", LIST))
    assert len(named) > 50
    assert named - there == set()


def test_nothing_is_shown_unescaped_but_the_drawing_of_a_code_and_what_templates_have_made() -> None:
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(")
    sources = [path for kind in ("*.py", "*.html") for path in WEB.rglob(kind)]
    found = sorted(path.name for path in sources for _ in unsafe.findall(path.read_text("utf-8")))
    assert found == ["parts.py", "parts.py", "second_factor.py"], "the parts are what templates have made"


def _tests(source: str) -> list[str]:
    return re.findall(r"^(?:async )?def (test_\w+)", source, re.MULTILINE)
