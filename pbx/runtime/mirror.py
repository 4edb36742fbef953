"""Where Debian's unstable suite can be fetched from: told by the machine, never named here.

Rule of this file: standard library only. First the setting, then the machine's own Debian source, then the
mirror that Debian's own `debootstrap` takes (Ubuntu carries that package, and Debian's keys).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pbx.runtime.debian import Apt, FetchError, unpack

SETTING = "VORZIMMER_DEBIAN_MIRROR"
_KEYS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
_MIRROR = re.compile(r'(?:default_mirror\s+|DEF_MIRROR=)"?(https?://[^\s"]+/debian/?)"?')
_OLDEST = 60 * 24 * 3600
"""Seconds that a mirror may lag behind (sources.list(5)); Debian's own limit for unstable is a week."""
_SIDE_SUITES = ("-security", "-backports", "-updates")


def sid_source(machine: Apt) -> str:
    """A sources.list of Debian unstable. `machine`: an apt of the machine's own sources, with lists.

    Raises FetchError if no mirror or no keyring can be found.
    """
    given = os.environ.get(SETTING)
    mirror = given or _machine_mirror(machine)
    keys = _keyring(Path("/usr/share/keyrings"))
    if mirror is None or keys is None:
        prefix = _debootstrap(machine)
        mirror = mirror or _debootstrap_mirror(prefix)
        keys = keys or _keyring(prefix / "usr/share/keyrings")
    if mirror is None or keys is None:
        raise FetchError(f"no Debian mirror is known here: set {SETTING} and install debian-archive-keyring")
    # A mirror may lag behind, and a given one may be a snapshot, whose lists are out of date by design.
    age = "check-valid-until=no" if given else f"valid-until-min={_OLDEST}"
    return f"deb [signed-by={keys} {age}] {mirror} sid main\n"


def _machine_mirror(machine: Apt) -> str | None:
    for line in machine.targets("$(ORIGIN)|$(LABEL)|$(RELEASE)|$(REPO_URI)"):
        origin, label, release, uri = line.split("|", 3)
        main_suite = (origin, label) == ("Debian", "Debian") and not release.endswith(_SIDE_SUITES)
        if main_suite and not uri.startswith("cdrom:"):
            return uri
    return None


def _keyring(directory: Path) -> Path | None:
    return next((directory / name for name in _KEYS if (directory / name).exists()), None)


def _debootstrap(machine: Apt) -> Path:
    prefix = machine.directory / "debootstrap"
    if not prefix.exists():
        apt = Apt(machine.directory / "for-debootstrap", status=machine.status)
        apt.update()
        unpack(apt.download("debian-archive-keyring", "debootstrap"), prefix)
    return prefix


def _debootstrap_mirror(prefix: Path) -> str | None:
    for name in ("usr/share/debootstrap/scripts/sid", "usr/sbin/debootstrap"):
        found = _MIRROR.search((prefix / name).read_text("utf-8"))
        if found:
            return found[1]
    return None
