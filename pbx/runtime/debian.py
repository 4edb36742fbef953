"""Debian packages without root: downloaded by apt with a state of its own, unpacked into a prefix.

Rule of this file: standard library only (set-up runs it before anything is installed); nothing of the
machine's own packages is changed; a prefix appears whole or not at all, and is made by one process at a time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx.runtime.progress import apt_progress

MACHINE_STATUS = Path("/var/lib/dpkg/status")
"""What is installed on this machine."""
_KEPT = ("Acquire::http", "Acquire::https", "Acquire::Check", "Acquire::Retries")
"""The machine's settings for downloads (proxies, certificates), which hold for ours too."""
_HELP = "check the network and the machine's apt sources, or set VORZIMMER_DEBIAN_MIRROR"


class FetchError(RuntimeError):
    """Packages cannot be had; the text says why and how to mend it."""


def cache_directory() -> Path:
    """Where downloads are kept for every checkout of this user."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "vorzimmer"


@contextmanager
def locked(directory: Path, what: str) -> Iterator[None]:
    """Hold the directory (made if missing) for one process at a time; says so while it waits."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another set-up is fetching {what}; waiting for it …", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True, slots=True)
class Apt:
    """One apt with its own lists and downloads in `directory`.

    `sources`: text of a sources.list; None = the machine's own sources and preferences.
    `status`: what counts as installed; None = nothing, so a download holds everything that a package needs.
    """

    directory: Path
    sources: str | None = None
    status: Path | None = None

    def update(self) -> None:
        """Fetch the package lists. Raises FetchError if no list could be had."""
        self._configure()
        said = self._run("apt-get", "update")
        if not self.targets("$(SITE)"):
            raise FetchError(f"package lists cannot be fetched ({_last_error(said.stderr)}): {_HELP}")

    def targets(self, form: str) -> list[str]:
        """Every package list that apt has, in apt's own form, e.g. `$(SITE) $(ORIGIN)`."""
        form = f"{form}|$(CREATED_BY)"
        lines = self._run("apt-get", "indextargets", "--format", form).stdout.splitlines()
        return [line.removesuffix("|Packages") for line in lines if line.endswith("|Packages")]

    def candidate(self, package: str) -> str | None:
        """The version that would be taken, in Debian's form; None if the sources have no such package."""
        said = self._run("apt-cache", "show", "--no-all-versions", package).stdout
        return next((line.split()[1] for line in said.splitlines() if line.startswith("Version:")), None)

    def download(self, *packages: str) -> list[Path]:
        """The packages and what they need beyond `status`, as files. Raises FetchError."""
        said = self._run(
            "apt-get", "install", "--yes", "--download-only", "--no-install-recommends", *packages,
            progress=f"fetching {packages[0]}",
        )  # fmt: skip
        if said.returncode:
            raise FetchError(f"{' '.join(packages)} cannot be fetched ({_last_error(said.stderr)}): {_HELP}")
        return sorted((self.directory / "cache" / "archives").glob("*.deb"))

    def _configure(self) -> None:
        (self.directory / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        (self.directory / "state" / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        # A copy: apt locks the directory that it lies in.
        status = self.status.read_bytes() if self.status else b""
        (self.directory / "status").write_bytes(status)
        if shutil.which("apt-config") is None:
            raise FetchError("there is no apt here: packages are fetched on Debian and Ubuntu only")
        kept = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False).stdout
        lines = [line for line in kept.splitlines() if line.startswith(_KEPT)]
        settings = {
            "Dir::State": self.directory / "state",
            "Dir::State::status": self.directory / "status",
            "Dir::Cache": self.directory / "cache",
            "Dir::Log": self.directory / "state",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::http::Timeout": "30",
        }
        if self.sources is not None:
            (self.directory / "sources.list").write_text(self.sources, "utf-8")
            settings |= {
                "Dir::Etc::sourcelist": self.directory / "sources.list",
                "Dir::Etc::sourceparts": "/dev/null",
                "Dir::Etc::preferences": "/dev/null",
                "Dir::Etc::preferencesparts": "/dev/null",
            }
        lines += [f'{name} "{value}";' for name, value in settings.items()]
        (self.directory / "apt.conf").write_text("\n".join(lines) + "\n", "utf-8")

    def _run(self, *command: str, progress: str = "") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"APT_CONFIG": str(self.directory / "apt.conf"), "LC_ALL": "C"}
        with apt_progress(progress) as descriptor:
            return subprocess.run(
                [*command, "-o", f"APT::Status-Fd={descriptor}"],
                env=environment, pass_fds=(descriptor,), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, errors="replace", check=False,
            )  # fmt: skip


def unpack(packages: list[Path], prefix: Path) -> Path:
    """Unpack packages into a new `prefix`, which appears when it is complete. Raises FetchError."""
    unfinished = prefix.with_name(f".{prefix.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o755)
    print(f"  unpacking {len(packages)} packages", file=sys.stderr, flush=True)

    def one(package: Path) -> None:
        command = ["dpkg-deb", "-x", str(package), str(unfinished)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode:
            reason = _last_error(said.stderr)
            raise FetchError(f"{package.name} cannot be unpacked ({reason}): is the disk full?")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, packages))
    unfinished.chmod(0o755)
    unfinished.rename(prefix)
    return prefix


def _last_error(text: str) -> str:
    errors = [line for line in text.splitlines() if line.startswith("E: ")]
    return (errors or text.splitlines() or ["no reason given"])[-1].removeprefix("E: ").strip()
