"""What the runtime must know about one switch, and where it keeps its files.

Rule of this file: values and paths only; nothing is created or started here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
AMI_HOST = "127.0.0.1"
SOCKET_PATH_LIMIT = 107
"""Bytes that a UNIX socket's path may have (unix(7): `sun_path` is 108 with its final zero)."""

_SYSTEM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")


class BadSetting(ValueError):
    """A setting that the switch cannot work with; the text says which and how to mend it."""


class Mode(StrEnum):
    """Whose Asterisk runs."""

    AUTO = "auto"
    """The machine's own if it is good, else a fetched one."""
    OWN = "own"
    SYSTEM = "system"
    EXTERNAL = "external"
    """Somebody else starts it: nothing is fetched, configured or started here."""


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """One Asterisk. Ports 1-65535; `rtp_ports` are the first and the last port of the range."""

    home: Path
    """The installation's state directory; the switch uses `asterisk/`, `music/`, `sounds/` and `secrets/` in it."""
    sip_host: str = "0.0.0.0"
    sip_port: int = 5060
    rtp_ports: tuple[int, int] = (10000, 10999)
    ari_host: str = "127.0.0.1"
    ari_port: int = 8088
    ami_port: int = 5038
    """The monitor's, on 127.0.0.1."""
    mode: Mode = Mode.AUTO
    system_name: str = "vz"
    """Begins every channel's unique id, so that ids of several switches differ: letters, digits, `-`."""
    log_debug: bool = False
    phone_transfers: str = "auto"
    """`on`, `off`, or `auto`: agents' telephones may send REFER where this Asterisk does not die of it."""
    user: str | None = None
    """Account for Asterisk where root starts it; None = `asterisk` where it exists, else `nobody`."""
    sounds: Path = PROJECT / "sounds"
    """The announcements and the music that come with the project."""
    external: str = ""
    """The address by which others reach `sip_host` through a NAT; empty = there is none."""
    local_nets: tuple[str, ...] = ()
    """Networks on this side of it, beside loopback."""

    def __post_init__(self) -> None:
        first, last = self.rtp_ports
        if not 1024 <= first < last <= 65535:
            raise BadSetting(f"RTP ports {first}-{last}: take a range within 1024-65535, first below last")
        if not _SYSTEM_NAME.fullmatch(self.system_name):
            raise BadSetting(f"system name '{self.system_name}': use 1 to 32 letters, digits and '-'")
        if "," in str(self.home):
            raise BadSetting(f"'{self.home}' has a comma, which parts sounds: set VORZIMMER_HOME to a path without")
        if len(bytes(self.control_socket)) > SOCKET_PATH_LIMIT:
            raise BadSetting(f"'{self.home}' is too long for sockets in it: set VORZIMMER_HOME to a shorter path")

    @property
    def root(self) -> Path:
        """Everything of this Asterisk."""
        return self.home / "asterisk"

    @property
    def etc(self) -> Path:
        """Its rendered configuration."""
        return self.root / "etc"

    @property
    def snapshot(self) -> Path:
        """What the safety net knows of the customers."""
        return self.root / "net" / "snapshot.db"

    @property
    def played(self) -> Path:
        """What it plays, in A-law: announcements in a directory per language, music in `moh/`."""
        return self.root / "sounds"

    @property
    def control_socket(self) -> Path:
        """Where its command line is reached."""
        return self.root / "run" / "asterisk.ctl"

    @property
    def log(self) -> Path:
        """Its log of errors and warnings."""
        return self.root / "log" / "messages.log"

    @property
    def ari_url(self) -> str:
        """`http://host:port/ari`, without a closing slash."""
        host = f"[{self.ari_host}]" if ":" in self.ari_host else self.ari_host
        return f"http://{host}:{self.ari_port}/ari"
