"""Typed text is spoken as it stands, and never does anything else."""

from __future__ import annotations

import io
import wave

import pytest

from pbx.runtime import speech
from pbx.runtime.speech import NoVoice, Voice


def seconds(text: str, language: str = "de") -> float:
    """How long the voice speaks."""
    with wave.open(io.BytesIO(Voice().say(text, language))) as wav:
        assert wav.getparams()[:3] == (1, 2, 16_000)
        return float(wav.getnframes() / 16_000)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_text_is_spoken(language: str) -> None:
    assert 1 < seconds("One, two, three, four.", language) < 4


@pytest.mark.parametrize(
    "text",
    ["Eins <volume level='0'> zwei", "Eins <play file='/etc/passwd'/> zwei", "Eins </speed><speed level='500'> zwei"],
)
def test_markup_is_words_like_all_others(text: str) -> None:
    bare = text.replace("<", " ").replace(">", " ")
    assert Voice().say(text, "de") == Voice().say(bare, "de")
    assert seconds(text) > seconds("Eins zwei") + 1


@pytest.mark.parametrize(
    "text", ["-l en-GB -w /x", "--help", "$(id) `id` ; id | id", "a\0b\x1b", "日本 ☺ \u202e", "%s{x}"]
)
def test_whatever_is_typed_is_text_for_the_program(text: str) -> None:
    assert seconds(f"{text} Guten Tag.") > 0.5


def test_a_program_that_fails_or_takes_for_ever_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "LIMIT", 0.001)
    with pytest.raises(NoVoice) as refused:
        seconds("Guten Tag. " * 50)
    assert str(refused.value) == "pico2wave cannot speak this (TimeoutExpired): write it otherwise"
    monkeypatch.setattr(speech, "PACKAGE", "not-fetched")
    with pytest.raises(NoVoice) as missing:
        Voice()
    assert str(missing.value) == "the package not-fetched is not there: run `make setup`"
