"""As whom Asterisk runs: never as root unless the machine leaves no other choice.

Started by an ordinary user it runs as that user. Started by root it gives root up for good (setpriv(1), which
is in every Debian and Ubuntu); where its files lie behind a directory that only root may enter, such as
`/root`, it keeps the one capability to read them and no other. It holds for access(2), too, by which Asterisk looks
whether it may read a fax's pages: without `no_setuid_fixup` that asks for a user without any (capabilities(7)).
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pbx.runtime.settings import BadSetting

_CANDIDATES = ("asterisk", "nobody")


@dataclass(frozen=True, slots=True)
class Identity:
    """Owner of Asterisk's files, and the command that becomes it (empty: nothing to change)."""

    uid: int
    gid: int
    command: tuple[str, ...] = ()

    @property
    def is_root(self) -> bool:
        """Whether Asterisk would run with root's rights."""
        return self.uid == 0


def identity(user: str | None, needed: Iterable[Path]) -> Identity:
    """As whom to run. `needed`: directories to be reached. Raises BadSetting for an unknown `user`."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    account = _account(user)
    setpriv = shutil.which("setpriv")
    if account is None or setpriv is None or account.pw_uid == 0:
        return Identity(0, 0)
    capabilities = "-all" if all(map(_open_to_all, needed)) else "-all,+dac_read_search"
    command = (
        setpriv, "--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups",
        "--inh-caps", capabilities, "--ambient-caps", capabilities, "--bounding-set", capabilities,
        "--no-new-privs", *(["--securebits", "+no_setuid_fixup"] if "+" in capabilities else []),
    )  # fmt: skip
    possible = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return Identity(account.pw_uid, account.pw_gid, command) if possible else Identity(0, 0)


def _account(user: str | None) -> pwd.struct_passwd | None:
    for name in [user] if user else _CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    if user:
        raise BadSetting(f"there is no user '{user}': create it or set VORZIMMER_SWITCH_USER to another")
    return None


def _open_to_all(directory: Path) -> bool:
    """Whether every user may enter the directory, and every directory above it."""
    path = directory.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))
