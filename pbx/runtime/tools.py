"""Programs that tests need (SIPp, Chromium): the machine's own, else Debian's packages in the user's cache.

Rule of this file: the packages come from the machine's own suite and only what the machine lacks is fetched,
so they run with its libraries beside their own.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pbx.runtime.debian import MACHINE_STATUS, Apt, FetchError, cache_directory, locked, unpack

PACKAGES = {
    "sipp": ("sip-tester", "usr/bin/sipp"),
    # Not usr/bin/chromium: that is a script which looks for itself in /usr/lib.
    "chromium": ("chromium", "usr/lib/chromium/chromium"),
}
"""Program → the Debian package that has it, and where in it."""
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{prefix}/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and the environment that it needs."""

    program: str
    environment: dict[str, str]


def tool(name: str) -> Tool:
    """The program, fetched first where it is missing. Raises FetchError, or KeyError for an unknown name."""
    package, where = PACKAGES[name]
    if found := shutil.which(name):
        return Tool(found, dict(os.environ))
    shelf = cache_directory() / "tools"
    prefix = shelf / f"{package}-{_suite()}"
    with locked(shelf, package):
        if not prefix.exists():
            print(f"Fetching {package} from this machine's package sources:", file=sys.stderr, flush=True)
            apt = Apt(shelf / ".work", status=MACHINE_STATUS)
            apt.update()
            unpack(apt.download(package), prefix)
            shutil.rmtree(shelf / ".work")
    program = prefix / where
    if not program.exists():
        raise FetchError(f"the package {package} has no {name}: install {name} by hand")
    places = ("usr/lib/*-linux-gnu", "usr/lib/*-linux-gnu/pulseaudio")  # libpulse has a private library there
    libraries = ":".join(str(found) for place in places for found in prefix.glob(place))
    return Tool(str(program), os.environ | {"LD_LIBRARY_PATH": libraries} | _fonts(prefix))


def _fonts(prefix: Path) -> dict[str, str]:
    """Fontconfig's settings, for a program whose fonts came with it."""
    if not (prefix / "usr" / "share" / "fonts").exists():
        return {}
    settings = prefix.with_name(f"{prefix.name}.fonts.conf")
    cache = prefix.with_name(f"{prefix.name}.fonts")
    settings.write_text(_FONTS.format(prefix=prefix, cache=cache), "utf-8")
    return {"FONTCONFIG_FILE": str(settings)}


def _suite() -> str:
    lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    return "-".join(fields.get(name, "").strip('"') for name in ("ID", "VERSION_ID"))
