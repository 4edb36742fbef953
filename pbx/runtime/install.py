"""The Asterisk that shall run: the machine's own, or one fetched from Debian into the user's cache.

Rule of this file: standard library only. What is there is used at once; fetching is the last resort, and a
release that must not take calls is never fetched.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from pbx.runtime import places
from pbx.runtime.debian import Apt, cache_directory, locked, unpack
from pbx.runtime.mirror import sid_source
from pbx.runtime.places import Installation, NoAsterisk
from pbx.runtime.settings import Mode
from pbx.runtime.sounds import music_copies

PACKAGES = ("asterisk", "asterisk-moh-opsound-wav")


def installation(mode: Mode) -> Installation:
    """The Asterisk to start; fetched first where there is none (minutes, progress on stderr).

    Raises NoAsterisk or FetchError. Not for `Mode.EXTERNAL`, where nothing is started.
    """
    if mode is not Mode.OWN:
        try:
            return places.on_this_machine()
        except NoAsterisk:
            if mode is Mode.SYSTEM:
                raise
    return newest() or fetch()


def newest() -> Installation | None:
    """The newest good Asterisk in the cache."""
    triple, _ = places.architecture()
    found: list[Installation] = []
    for prefix in _shelf().glob(f"*-{triple}"):
        version = places.version_of(prefix.name)
        if version and not places.objection(version):
            found.append(places.in_prefix(prefix, version))
    return max(found, key=lambda one: one.version, default=None)


def fetch(*, upgrade: bool = False) -> Installation:
    """An Asterisk in the cache; with `upgrade` the newest on offer. Raises NoAsterisk or FetchError."""
    with locked(_shelf(), "Asterisk"):
        present = newest()
        if present and not upgrade:
            return present
        work = _shelf() / ".work"
        print("Fetching Asterisk from Debian, once for all checkouts:", file=sys.stderr, flush=True)
        apt, version = _archive(work)
        prefix = _shelf() / f"{'.'.join(map(str, version))}-{places.architecture()[0]}"
        if not prefix.exists():
            unpack(apt.download(*PACKAGES), prefix)
        shutil.rmtree(work, ignore_errors=True)
        return places.in_prefix(prefix, version)


def default_music(installed: Installation) -> Path:
    """Wait music in A-law, converted once into the cache. Raises BadSound if `installed` brings none."""
    release = ".".join(map(str, installed.version))
    return music_copies(installed.music, cache_directory() / "music" / f"default-{release}")


def _archive(work: Path) -> tuple[Apt, tuple[int, int, int]]:
    """The machine's own sources if they offer a good Asterisk, else Debian unstable."""
    machine = Apt(work / "machine")
    machine.update()
    reasons: list[str] = []
    for name, source in _sources(work, machine):
        apt = source()
        version = places.version_of(apt.candidate(PACKAGES[0]) or "")
        reason = places.objection(version)
        if version and not reason:
            return apt, version
        reasons.append(f"that of {name} {reason}")
    raise NoAsterisk(
        f"no Asterisk that may take calls is offered ({'; '.join(reasons)}): wait for the next, or set "
        "VORZIMMER_DEBIAN_MIRROR to a mirror that has one"
    )


def _sources(work: Path, machine: Apt) -> list[tuple[str, Callable[[], Apt]]]:
    def unstable() -> Apt:
        apt = Apt(work / "sid", sources=sid_source(machine))
        apt.update()
        return apt

    return [("this machine's sources", lambda: machine), ("Debian unstable", unstable)]


def _shelf() -> Path:
    return cache_directory() / "asterisk"
