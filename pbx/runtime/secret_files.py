"""Passwords that this installation makes for itself, one per file, readable for their owner alone.

They outlive a restart of the engine, because a running Asterisk is taken over with the password it has.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ARI_USER = "vorzimmer"
AMI_USER = "monitor"
TESTCALL_USER = "testcall"


def secret(home: Path, name: str) -> str:
    """The password called `name` of this home; made on first use, 256 bits, URL-safe letters."""
    path = home / "secrets" / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text("ascii")


def ari_password(home: Path) -> str:
    """The password of ARI's one user, `ARI_USER`."""
    return secret(home, "ari-password")


def ami_password(home: Path) -> str:
    """The password of the manager interface's one user, `AMI_USER`."""
    return secret(home, "ami-password")


def testcall_password(home: Path) -> str:
    """The SIP password of `TESTCALL_USER`, as which the command line's own phone places test calls."""
    return secret(home, "testcall-password")
