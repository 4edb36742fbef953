"""The project's virtual environment, made on a machine that has Python and nothing else.

Rule of this file: standard library only, and nothing is asked of the network twice: the wheels of one lock
file are kept in the user's cache, so a second checkout is set up without any network.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from pbx.runtime.debian import MACHINE_STATUS, Apt, FetchError, cache_directory, locked, unpack
from pbx.runtime.progress import Progress

PROJECT = Path(__file__).resolve().parents[2]
_WHEELS = "usr/share/python-wheels"
"""Where Debian's package python3-pip-whl has pip."""
_QUIET = ("--disable-pip-version-check", "--no-input")


def main() -> int:
    """`python3 -m pbx.runtime.bootstrap DIRECTORY LOCK`: make or renew the environment."""
    try:
        set_up(Path(sys.argv[1]), Path(sys.argv[2]))
    except FetchError as error:
        print(f"Set-up failed: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Set-up failed at `{' '.join(map(str, error.cmd[1:5]))} …`: see above", file=sys.stderr)
        return 1
    return 0


def set_up(directory: Path, lock: Path) -> None:
    """The environment in `directory`, holding exactly the packages of `lock`, and the project itself.

    Raises FetchError or CalledProcessError; what pip says goes to the terminal.
    """
    python = directory / "bin" / "python"
    if not _has_pip(python):
        _make(directory)
    wheels = _wheels(python, lock)
    offline = ("--no-index", "--find-links", str(wheels), "--no-compile", "--quiet", *_QUIET)
    _pip(python, "install", "--require-hashes", "-r", str(lock), *offline)
    _pip(python, "install", "--no-deps", "--no-build-isolation", "-e", str(PROJECT), *offline)
    _compile(python, directory)


def _compile(python: Path, directory: Path) -> None:
    """Bytecode for all that is there, on all cores: where `PYTHONDONTWRITEBYTECODE` is set, as in many containers, each
    command would compile anew what it imports, which takes longer than its work. What cannot be compiled is left.
    """
    subprocess.run([python, "-m", "compileall", "-qq", "-j", "0", directory / "lib"], check=False)


def _has_pip(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _make(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    complete = find_spec("ensurepip") is not None
    without = () if complete else ("--without-pip",)
    subprocess.run([sys.executable, "-m", "venv", *without, directory], check=True)
    if not complete:
        wheel = _debian_pip()
        python = directory / "bin" / "python"
        subprocess.run([python, wheel / "pip", "install", "--quiet", "--no-index", *_QUIET, wheel], check=True)


def _debian_pip() -> Path:
    """Pip's wheel from Debian's package: Debian's Python comes without `ensurepip`."""
    shelf = cache_directory() / "pip"
    with locked(shelf, "pip"):
        if found := _pip_wheel(Path("/")) or _pip_wheel(shelf / "prefix"):
            return found
        print("Fetching pip from this machine's package sources:", file=sys.stderr, flush=True)
        apt = Apt(shelf / ".work", status=MACHINE_STATUS)
        apt.update()
        found = _pip_wheel(unpack(apt.download("python3-pip-whl"), shelf / "prefix"))
        shutil.rmtree(shelf / ".work")
    if found is None:
        raise FetchError("the package python3-pip-whl holds no pip: install the package python3-venv")
    return found


def _pip_wheel(root: Path) -> Path | None:
    return max((root / _WHEELS).glob("pip-*.whl"), default=None)


def _wheels(python: Path, lock: Path) -> Path:
    """The directory with every wheel of the lock file for this Python, downloaded on first use."""
    shelf = cache_directory() / "wheels"
    made_for = f"{lock.read_text('utf-8')} {sys.version_info[:2]} {platform.machine()} {platform.libc_ver()}"
    stock = shelf / hashlib.sha256(made_for.encode()).hexdigest()[:16]
    with locked(shelf, "Python packages"):
        if not stock.exists():
            unfinished = shelf / f".{stock.name}"
            _download(python, lock, unfinished)
            unfinished.rename(stock)
    return stock


def _download(python: Path, lock: Path, target: Path) -> None:
    """Every wheel of the lock file into `target`. Raises FetchError."""
    wanted = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock), "-d", str(target))
    command = [str(python), "-m", "pip", "download", "--progress-bar", "off", *_QUIET, *wanted]
    total = len(re.findall("^[^ #]+==", lock.read_text("utf-8"), re.MULTILINE))
    progress = Progress("fetching Python packages")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        assert pip.stdout is not None
        collecting = (line for line in pip.stdout if line.startswith("Collecting "))
        for number, line in enumerate(collecting):
            progress.show(100 * number / total, line.split()[1])
    progress.done()
    if pip.returncode:
        raise FetchError("Python packages cannot be fetched: pip's reason stands above")


def _pip(python: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PIP_TARGET"}
    subprocess.run([python, "-m", "pip", *arguments], env=environment, stdout=sys.stderr, check=True)


if __name__ == "__main__":
    sys.exit(main())
