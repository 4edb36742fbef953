"""A PostgreSQL server of the tests' own: free port, data in a temporary directory, gone afterwards.

Rule: it must be there. The machine's own programs are used, else Debian's packages are fetched into the user's
cache; where neither is possible the tests that need it fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pbx.runtime.debian import MACHINE_STATUS, Apt, cache_directory, locked, unpack

_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "timezone": "GMT",
}


def postgres_bin() -> Path:
    """The directory with `initdb` and `pg_ctl`: the machine's newest, else fetched. Raises FetchError."""
    return _newest(Path("/")) or _fetched()


@contextmanager
def postgres_server() -> Iterator[str]:
    """A running server; what it gives is the URL up to the name of the database."""
    with tempfile.TemporaryDirectory(prefix="vz-pg-") as name:
        home = Path(name)
        account = _account()
        if account:
            shutil.chown(home, account)
        programs = _executable(postgres_bin(), home, account)
        port = _free_port()
        _run(account, programs / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "--no-sync")
        options = {**_SETTINGS, "port": port, "unix_socket_directories": home}
        said = " ".join(f"-c {key}={value}" for key, value in options.items())
        control = (programs / "pg_ctl", "-D", home / "data", "-w")
        _run(account, *control, "-l", home / "log", "-o", said, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/"
        finally:
            _run(account, *control, "-m", "immediate", "stop")


def _fetched() -> Path:
    """Debian's PostgreSQL in the user's cache."""
    shelf = cache_directory() / "postgresql"
    with locked(shelf, "PostgreSQL"):
        if found := _newest(shelf / "prefix"):
            return found
        apt = Apt(shelf / ".work", status=MACHINE_STATUS)
        apt.update()
        found = _newest(unpack(apt.download("postgresql"), shelf / "prefix"))
        shutil.rmtree(shelf / ".work")
    assert found is not None, "Debian's package postgresql holds no server"
    return found


def _newest(root: Path) -> Path | None:
    found = [path.parent for path in root.glob("usr/lib/postgresql/*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def _account() -> str | None:
    """PostgreSQL refuses to run as root: who shall run it then; None = the tests' own user."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _executable(programs: Path, home: Path, account: str | None) -> Path:
    """The programs where the account may execute them: root's cache is closed to others."""
    if account is None or programs.is_relative_to("/usr"):
        return programs
    prefix = programs.parents[4]
    shutil.copytree(prefix, home / "prefix", symlinks=True, ignore=shutil.ignore_patterns("libLLVM*", "doc"))
    return home / "prefix" / programs.relative_to(prefix)


def _run(account: str | None, *command: object) -> None:
    libraries = [str(path) for path in Path(str(command[0])).parents[4].glob("lib/*-linux-gnu")]
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C",
        "TZ": "GMT",
        "LD_LIBRARY_PATH": ":".join(libraries),
    }
    # To a file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(word) for word in command], stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=environment, user=account, group=pwd.getpwnam(account).pw_gid if account else None,
            extra_groups=[] if account else None, cwd="/", check=False,
        )  # fmt: skip
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {output.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
