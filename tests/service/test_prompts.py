"""A call's own question: spoken while the phone rings, there for this call alone, and forgotten with it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.service.prompts import LONGEST, Prompts, question, spoken_name
from engine.terms import CallId, Wrong
from pbx.runtime.own_sounds import OwnSounds
from pbx.runtime.settings import SwitchSettings

CALL, OTHER = CallId("c1"), CallId("c2")
WITH_NAME = "Anruf für Muster GmbH, von Jan Krüger. Zum Annehmen drücken Sie bitte die Eins."


class Studio:
    """Speaks when it is told to."""

    def __init__(self) -> None:
        self.go, self.said, self.can = asyncio.Event(), [""][:0], True
        self.fails = False

    def can_speak(self) -> bool:
        return self.can

    async def speak(self, text: str, language: str) -> bytes:
        self.said.append(f"{language}: {text}")
        await self.go.wait()
        if self.fails:
            raise Wrong("announcement.busy", "too many")
        return text.encode()


class House:
    """A switch's directory in which they lie."""

    def __init__(self, home: Path) -> None:
        self.settings, self.studio = SwitchSettings(home), Studio()
        self.shelf = OwnSounds(self.settings)
        self.prompts = Prompts(self.studio, self.shelf, "de")

    def files(self) -> list[str]:
        return sorted(file.name for file in self.settings.played.rglob("*.alaw"))

    async def settled(self) -> None:
        while self.prompts._under_way:
            await asyncio.gather(*self.prompts._under_way)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_it_is_ready_when_it_has_been_spoken_and_gone_with_the_call(house: House) -> None:
    house.prompts.begin(CALL, "Muster GmbH", "Jan Krüger")
    assert house.prompts.ready(CALL) is None, "nobody waits for it"
    house.studio.go.set()
    await house.settled()
    assert (house.prompts.ready(CALL), house.prompts.ready(OTHER)) == ("ask-1", None)
    assert house.files() == ["ask-1.alaw"]
    house.prompts.begin(CALL, "Muster GmbH", "Jan Krüger")
    assert house.studio.said == [f"de: {WITH_NAME}"], "the next number is asked by the same"
    house.prompts.over(CALL)
    await house.settled()
    assert (house.prompts.ready(CALL), house.files()) == (None, [])


async def test_another_name_is_another_question(house: House) -> None:
    house.studio.go.set()
    house.prompts.begin(CALL, "Muster GmbH", None)
    await house.settled()
    house.prompts.begin(CALL, "Muster GmbH", "Jan Krüger")
    await house.settled()
    assert (house.prompts.ready(CALL), house.files()) == ("ask-2", ["ask-2.alaw"])


async def test_a_call_that_is_over_before_it_was_spoken_leaves_nothing(house: House) -> None:
    house.prompts.begin(CALL, "Muster GmbH", None)
    await asyncio.sleep(0)
    house.prompts.over(CALL)
    house.studio.go.set()
    await house.settled()
    assert (house.prompts.ready(CALL), house.files()) == (None, [])


async def test_where_it_cannot_be_spoken_the_general_question_is_asked(house: House) -> None:
    house.studio.fails = True
    house.studio.go.set()
    house.prompts.begin(CALL, "Muster GmbH", None)
    await house.settled()
    assert house.prompts.ready(CALL) is None
    house.studio.can = False
    house.prompts.begin(OTHER, "Muster GmbH", None)
    assert house.prompts.ready(OTHER) is None
    assert len(house.studio.said) == 1


async def test_what_a_killed_engine_has_left_is_forgotten_and_customers_announcements_are_not(house: House) -> None:
    house.shelf.put_prompt("ask-7", b"names")
    house.shelf.put_prompt("own-7", b"music")
    await house.prompts.clear()
    assert house.files() == ["own-7.alaw"]


def test_what_is_said() -> None:
    assert question("Muster GmbH", None, "de") == "Anruf für Muster GmbH. Zum Annehmen drücken Sie bitte die Eins."
    assert question("Muster GmbH", "Jan Krüger", "de") == WITH_NAME
    assert question("Muster Ltd", "Jan", "en") == "A call for Muster Ltd, from Jan. Please press one to take it."


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Jan Krüger ", "Jan Krüger"), (["Jan Krüger"], "Jan Krüger"), ("", None), ([], None), (None, None), (7, None),
        ("  ", None), ("Jan\x00", None), ("J" * 200, "J" * LONGEST),
    ],
)  # fmt: skip
def test_a_name_that_can_be_said(typed: object, name: str | None) -> None:
    assert spoken_name(typed) == name
