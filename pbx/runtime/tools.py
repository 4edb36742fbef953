"""Programs that tests need (SIPp): the machine's own, else Debian's packages in the user's cache.

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

PACKAGES = {"sipp": "sip-tester"}
"""Program → the Debian package that has it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and the environment that it needs."""

    program: str
    environment: dict[str, str]


def tool(name: str) -> Tool:
    """The program, fetched first where it is missing. Raises FetchError, or KeyError for an unknown name."""
    package = PACKAGES[name]
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
    program = prefix / "usr" / "bin" / name
    if not program.exists():
        raise FetchError(f"the package {package} has no {name}: install {name} by hand")
    libraries = ":".join(map(str, prefix.glob("usr/lib/*-linux-gnu")))
    return Tool(str(program), os.environ | {"LD_LIBRARY_PATH": libraries})


def _suite() -> str:
    lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    return "-".join(fields.get(name, "").strip('"') for name in ("ID", "VERSION_ID"))
