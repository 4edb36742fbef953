"""How long a provider wants us to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.notify.asking import LONGEST, Answer, Question, ask, wait, words
from tests.notify.provider import opened

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:31:00 GMT"}, 60.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:29:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"x-reset": str(int(NOW.timestamp()) + 30)}, 30.0),
        ({"x-reset": "tomorrow"}, None),
        ({"retry-after": "7", "x-reset": str(int(NOW.timestamp()) + 30)}, 7.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(headers, "x-reset", NOW) == seconds


def test_what_they_say_is_one_line_that_somebody_can_read() -> None:
    assert words(Answer(502, {}, "Bad\r\nGateway\x00 \x1b[31m")) == "502 Bad Gateway [31m"
    assert len(words(Answer(502, {}, "x" * 9999))) == 300


def test_a_question_shows_no_secret() -> None:
    asked = Question("GET", "https://api.example.net", {"X-Api-Key": "secret"}, {"token": "secret"},
                     {"token": "secret"}, {"token": "secret"})  # fmt: skip
    assert "secret" not in repr(asked)


async def test_a_redirect_is_not_followed() -> None:
    async with opened() as elsewhere, opened() as provider:
        provider.says(text="", status=302, Location=elsewhere.url)
        answer = await ask(Question("POST", f"{provider.url}/sms", {"X-Api-Key": "secret"}))
    assert (answer.status, len(provider.asked), elsewhere.asked) == (302, 1, [])


async def test_an_answer_without_an_end_is_read_so_far() -> None:
    async with opened() as provider:
        provider.says(text="x" * 1_000_000)
        assert len((await ask(Question("GET", provider.url))).text) == LONGEST


@pytest.mark.parametrize("text", ["", "[" * 60_000, '{"a":' * 10_000, "9" * 10_000, '{"status": 1'])
def test_what_is_no_json_that_can_be_read_is_none(text: str) -> None:
    answer = Answer(200, {}, text)
    assert (answer.said, answer.fields) == (None, {})
