"""Sounds are made two at a time, a few more may wait, and whoever comes then is told so."""

from __future__ import annotations

import asyncio
import threading

import pytest

from engine.main import studio as module
from engine.main.studio import PlainStudio
from engine.terms import Wrong
from pbx.runtime.speech import NoVoice, Voice
from tests.recordings import recording


async def test_many_at_once_wait_or_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, at_once, most = threading.Event(), 0, 0

    def slow(file: bytes) -> bytes:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        assert go_on.wait(10)
        at_once -= 1
        return file

    monkeypatch.setattr(module, "_recorded", slow)
    studio = PlainStudio()
    under_way = [asyncio.create_task(studio.record(b"%d" % n)) for n in range(10)]
    await asyncio.sleep(0)
    with pytest.raises(Wrong) as refused:
        await studio.record(b"one more")
    assert refused.value.code == "announcement.busy"
    go_on.set()
    assert await asyncio.gather(*under_way) == [b"%d" % n for n in range(10)]
    assert most <= 2
    assert await studio.record(b"again") == b"again"


async def test_files_and_texts_become_sounds_or_are_refused_by_their_code(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = PlainStudio()
    assert studio.can_speak()
    assert len(await studio.record(recording(seconds=1))) == 8000
    assert 4000 < len(await studio.speak("Guten Tag.", "de")) < 24_000
    said = {}
    for file in (b"text", recording("mp3")[:5000], recording(level=0), recording(seconds=0.2)):
        with pytest.raises(Wrong) as refused:
            await studio.record(file)
        said[refused.value.code] = str(refused.value)
    assert list(said) == [f"announcement.{word}" for word in ("kind", "broken", "silent", "short")]
    monkeypatch.setattr(Voice, "__init__", _gone)
    with pytest.raises(Wrong) as refused:
        await studio.speak("Guten Tag.", "de")
    assert refused.value.code == "announcement.voice"


def _gone(_voice: object) -> None:
    raise NoVoice("not there")
