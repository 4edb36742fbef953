"""Every numbered clause of what customers may set has a story through the real pages that is named after it.

Rule of this file: the clauses are those of the service description, §5 and §6; a test names the ones that it tells of
at its beginning: `test_5_1_2_and_5_1_3_why_and_from_when_on`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLAUSES = {
    "5": "Customers' login, with the order",
    "5.1.1": "Greeting",
    "5.1.2": "General reason of absence",
    "5.1.3": "Back from",
    "5.1.4": "Instructions",
    "5.2": "Contacts",
    "5.2.1": "Contact: master data",
    "5.2.2": "Contact: presence",
    "5.2.3": "Contact: notification",
    "5.2.3.1": "Notification: e-mail",
    "5.2.3.2": "Notification: SMS",
    "5.2.3.3": "Notification: Pushover",
    "5.2.3.4": "Notification: fax",
    "5.2.4": "Putting through",
    "5.2.4.1": "Putting through: targets",
    "5.2.4.2": "Putting through: order",
    "5.2.4.3": "Putting through: restrictions",
    "5.3": "Company",
    "5.4": "VIP notes",
    "5.5": "FAQ",
    "5.6": "Overview of messages",
    "5.7": "Technical settings",
    "6.1": "Customers change their settings, and the next call is treated so",
    "6.2": "Support changes them by order",
}
BY_A_CALL = {"5.7", "6.1"}
"""Told by a call on the real switch as well."""
BESIDE = {"5.1", "6", "6.3"}
"""Named by tests too: a heading, and the stand-by service."""
PAGES = {"browser", "ines", "office", "petra", "visitor"}
"""Fixtures by which a test asks real pages."""


def clauses(name: str) -> list[str]:
    """The clauses that a test is named after."""
    found = re.match(r"test_((?:\d+_)+(?:and_(?:\d+_)+)*)", name)
    return [part.strip("_").replace("_", ".") for part in found[1].split("and_")] if found else []


def stories(place: str) -> Iterator[tuple[str, str]]:
    """Clause and name of every test in this directory that asks real pages."""
    for path in sorted((TESTS / place).glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                asks = PAGES & {one.arg for one in node.args.args}
                yield from ((clause, node.name) for clause in clauses(node.name) if asks)


def test_the_clauses_of_a_name_are_found() -> None:
    assert clauses("test_5_2_4_2_a_finger_drags") == ["5.2.4.2"]
    assert clauses("test_5_1_2_and_5_1_3_why_and_from_when_on") == ["5.1.2", "5.1.3"]
    assert clauses("test_5_a_new_customer") == ["5"]
    assert clauses("test_who_may_5_times") == []


def test_every_clause_has_a_story_through_the_real_pages() -> None:
    by_pages, by_a_call = dict(stories("web")), dict(stories("stories"))
    assert [clause for clause in CLAUSES if clause not in by_pages | by_a_call] == []
    assert BY_A_CALL - by_a_call.keys() == set()


def test_no_story_is_named_after_a_clause_that_there_is_not() -> None:
    named = [(clause, name) for clause, name in stories("web") if clause.startswith(("5", "6"))]
    assert [one for one in named if one[0] not in CLAUSES.keys() | BESIDE] == []
