"""Makes the sounds that come with the project: `python -m sounds.build` speaks what changed in texts.yaml.

Rule: a sound is a WAV file of 8 kHz, 16 bit, mono, that holds nothing but levels of A-law, the codec of German
telephone networks: what the runtime makes of it for Asterisk is the same sound, bit by bit. `built.json` says which
text each file speaks.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import wave
from pathlib import Path

from ruamel.yaml import YAML

from pbx.phone.g711 import PCMA, RATE
from pbx.runtime import shape
from pbx.runtime.speech import VOICES, Voice, fetch

HERE = Path(__file__).parent
MANIFEST = HERE / "built.json"
MUSIC = {"ringtone": shape.ring_tone(), "silence": [0.0] * (2 * RATE)}
"""Classes of wait music by name; Asterisk plays each round and round."""


def texts() -> dict[str, str]:
    """Every announcement's text by `language/name`, e.g. `de/welcome`."""
    spoken = YAML(typ="safe").load((HERE / "texts.yaml").read_text("utf-8"))
    return {f"{language}/{name}": spoken[name][language] for name in sorted(spoken) for language in VOICES}


def fingerprint(data: bytes) -> str:
    """SHA-256, shortened."""
    return hashlib.sha256(data).hexdigest()[:16]


def built() -> dict[str, dict[str, str]]:
    """What the files hold: per sound the fingerprints of its `text` and its `file`; empty before a build."""
    found: dict[str, dict[str, str]] = json.loads(MANIFEST.read_text("utf-8")) if MANIFEST.exists() else {}
    return found


def outdated() -> list[str]:
    """Announcements whose text has changed or whose file is not the one that was built."""
    before = built()
    now = {name: _entry(name, text) for name, text in texts().items()}
    return [name for name, entry in now.items() if entry is None or entry != before.get(name)]


def _entry(name: str, text: str) -> dict[str, str] | None:
    file = HERE / f"{name}.wav"
    if not file.exists():
        return None
    return {"text": fingerprint(text.encode()), "file": fingerprint(file.read_bytes())}


def _write(name: str, samples: list[float]) -> None:
    file = HERE / f"{name}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    levels = [PCMA.decoded[byte] for byte in PCMA.encode(samples)]
    with wave.open(str(file), "wb") as wav:
        wav.setparams((1, 2, RATE, len(levels), "NONE", ""))
        wav.writeframes(struct.pack(f"<{len(levels)}h", *levels))


def _samples(spoken: bytes) -> list[float]:
    """What the voice has said, at 16 kHz (16-bit scale)."""
    with wave.open(io.BytesIO(spoken)) as wav:
        assert wav.getparams()[:3] == (1, 2, 2 * RATE)
        return list(struct.unpack(f"<{wav.getnframes()}h", wav.readframes(wav.getnframes())))


def _speak(names: list[str], speaker: Voice) -> None:
    for name in names:
        language = name.partition("/")[0]
        _write(name, shape.telephone(_samples(speaker.say(texts()[name], language))))
        print(f"{name}: {texts()[name]}")


def main() -> None:
    """Make what is missing or outdated, and write down what there is."""
    for name, samples in MUSIC.items():
        _write(f"moh/{name}/{name}", samples)
    if names := outdated():
        fetch()
        _speak(names, Voice())
    for stray in {*HERE.glob("??/*.wav")} - {HERE / f"{name}.wav" for name in texts()}:
        stray.unlink()
    MANIFEST.write_text(json.dumps({n: _entry(n, t) for n, t in texts().items()}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
