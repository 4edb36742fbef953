"""Where an Asterisk lies and how it is started: the machine's own, or one unpacked in a prefix.

Rule of this file: standard library only; it looks and decides, it fetches nothing.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LEAST = (22, 6, 0)
"""ARI's `/progress` exists since then."""
REFUSED = {(22, 9, 0): "security advisories", (22, 10, 0): "deadlocks"}
"""Releases that must not take calls."""

REFER_SAFE = (22, 11, 0)
"""Older ones die of a REFER with `Refer-Sub: false` (RFC 4488) that ARI is to decide on (Asterisk's issue 2021)."""

_ARCHITECTURES = {
    "x86_64": ("x86_64-linux-gnu", "usr/lib64/ld-linux-x86-64.so.2"),
    "aarch64": ("aarch64-linux-gnu", "usr/lib/ld-linux-aarch64.so.1"),
}
"""Machine (uname -m) → Debian's multiarch directory, dynamic loader."""


class NoAsterisk(RuntimeError):
    """There is no Asterisk that could take calls; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One Asterisk, ready to be started."""

    command: tuple[str, ...]
    """What to execute before Asterisk's own arguments. A fetched one is started by its own dynamic loader,
    with its libraries named on that command line, so that its children inherit nothing of it."""
    modules: Path
    data: Path
    version: tuple[int, int, int]

    @property
    def music(self) -> Path:
        """Its wait music; there may be none."""
        return self.data / "moh"

    @property
    def binary(self) -> str:
        """The program file itself."""
        return self.command[-1]


def version_of(text: str) -> tuple[int, int, int] | None:
    """The release in a version text of Debian (`1:22.10.1~dfsg-1`) or of Asterisk (`Asterisk 22.10.1`)."""
    found = re.match(r"(?:Asterisk |\d+:)?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def objection(version: tuple[int, int, int] | None) -> str | None:
    """Why this release must not be used, as the end of a sentence; None if it may."""
    if version is None:
        return "is of an unknown version"
    name = ".".join(map(str, version))
    if version in REFUSED:
        return f"is {name}, which has {REFUSED[version]}"
    return f"is {name}, older than {'.'.join(map(str, LEAST))}" if version < LEAST else None


def architecture() -> tuple[str, str]:
    """This machine's multiarch directory and dynamic loader. Raises NoAsterisk if it is not known."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise NoAsterisk(f"no Asterisk can be fetched for {machine}: install asterisk and set VORZIMMER_SWITCH=system")
    return _ARCHITECTURES[machine]


def in_prefix(prefix: Path, version: tuple[int, int, int]) -> Installation:
    """The Asterisk whose Debian packages are unpacked in `prefix`."""
    triple, loader = architecture()
    libraries = prefix / "usr" / "lib" / triple
    return Installation(
        (str(prefix / loader), "--library-path", str(libraries), str(prefix / "usr/sbin/asterisk")),
        libraries / "asterisk" / "modules",
        prefix / "usr" / "share" / "asterisk",
        version,
    )


def on_this_machine() -> Installation:
    """The machine's packaged Asterisk. Raises NoAsterisk if there is none or it must not be used."""
    binary = shutil.which("asterisk", path="/usr/sbin:/usr/bin")
    if binary is None:
        raise NoAsterisk("no Asterisk is installed: install the package asterisk or set VORZIMMER_SWITCH=own")
    said = subprocess.run([binary, "-V"], capture_output=True, text=True, check=False).stdout
    version = version_of(said)
    reason = objection(version)
    if version is None or reason:
        raise NoAsterisk(f"{binary} {reason}: upgrade it or set VORZIMMER_SWITCH=own")
    modules = next(Path("/usr/lib").glob("*/asterisk/modules"), Path("/usr/lib/asterisk/modules"))
    return Installation((binary,), modules, Path("/usr/share/asterisk"), version)
