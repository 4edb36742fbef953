"""What customers' callers are to hear must be there: told when the file is checked or imported, not to a caller."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.entries import Catalogue
from engine.service.catalogue import CatalogueService
from engine.service.customer_rules import Installation
from tests.catalogue import RULES, OneState

THERE = replace(RULES, announcements=frozenset({"welcome", "please-wait"}), music=frozenset({"default", "harp"}))
FILE = """\
tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]
customers:
  - {number: K1, name: One, tariff: always}
  - number: K2
    name: Two
    tariff: always
    wait:
      {wait}
"""


async def said(wait: str, rules: Installation) -> list[str]:
    service = CatalogueService(OneState(Catalogue()), rules)
    return [str(mistake) for mistake in await service.check(FILE.replace("{wait}", wait))]


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        ("greeting: welcome\n      announcements: [please-wait, welcome]\n      music: harp", []),
        ("music: hrap", [".music: there is no music class 'hrap', did you mean 'harp'?"]),
        ("music: x", [".music: there is no music class 'x': lay its files into music/x of VORZIMMER_HOME"]),
        ("greeting: welcom", [".greeting: there is no announcement 'welcom', did you mean 'welcome'?"]),
        (
            "announcements: [please-wait, x]",
            [".announcements[1]: there is no announcement 'x': lay x.wav into sounds/<language> of VORZIMMER_HOME"],
        ),
    ],
)
async def test_a_sound_that_is_not_there(wait: str, expected: list[str]) -> None:
    assert await said(wait, THERE) == [f"line 8: customers[K2].wait{one}" for one in expected]


async def test_where_the_sounds_are_not_known_none_is_refused() -> None:
    assert await said("{greeting: x, announcements: [y], music: z}", RULES) == []


@pytest.mark.parametrize("name", ["../x", "/etc/x", "x/y", "..", "_x", "x.wav", "x y", "a" * 41])
async def test_a_name_cannot_lead_out_of_the_directory(name: str) -> None:
    wrong = "write its name without ending: 1 to 40 letters, digits, '_' and '-'"
    written = f'{{greeting: "{name}", announcements: ["{name}"], music: "{name}"}}'
    assert await said(written, RULES) == [
        f"line 8: customers[K2].wait.{field}: {wrong}" for field in ("music", "greeting", "announcements[0]")
    ]
