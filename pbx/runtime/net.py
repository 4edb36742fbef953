"""The safety net's program (`pbx.safety_net`): listens on a port of this machine as long as Asterisk runs.

Rule of this file: like Asterisk it outlives the engine, and it runs as the account that Asterisk runs as. Asterisk
could start a program itself, but takes every capability from it (main/app.c, `ast_safe_fork`): as `nobody` it could
then read neither Python nor this checkout where they lie below a closed directory such as `/root`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pbx.runtime.process import Process
from pbx.runtime.settings import PROJECT, SwitchSettings

_PATIENCE = 2.0
"""Seconds that the program has to end by itself."""
_BACKLOG = 256


def needed() -> Sequence[Path]:
    """Directories that the account must reach to run the program."""
    return PROJECT, Path(sys.prefix), Path(sys.executable).resolve().parent


def place_for_snapshot(settings: SwitchSettings) -> tuple[Path, tuple[int, int] | None]:
    """Where a new snapshot goes, and who alone may read it: the account that Asterisk ran as last.

    None: nobody but us, until Asterisk's next start gives it away.
    """
    for directory in (settings.root, settings.snapshot.parent):
        directory.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    theirs = settings.root / "lib"
    if os.geteuid() or not theirs.exists():
        return settings.snapshot, None
    owner = theirs.stat()
    return settings.snapshot, (owner.st_uid, owner.st_gid)


class SafetyNet:
    """The program beside one Asterisk."""

    def __init__(self, settings: SwitchSettings) -> None:
        """Nothing listens yet."""
        self._settings = settings
        self._listens: socket.socket | None = None
        self.port = 0
        """On 127.0.0.1; another one after each `listen`."""

    def listen(self) -> None:
        """Take a free port; who connects waits until the program runs."""
        self.let_go()
        self._listens = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self.port = self._listens.getsockname()[1]

    async def run(self, account: Sequence[str], switch: int) -> None:
        """Start the program beside the Asterisk of this process id, in place of the one that is there.

        `account`: the command that becomes Asterisk's account. Call `listen` first.
        """
        before = self._running()
        self._spawn(account, switch)
        await _end(before)

    async def stop(self) -> None:
        """End the program; nothing happens if none runs."""
        await _end(self._running())
        self._pid_file.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Forget the port, where the program has not been started or has it now."""
        if self._listens:
            self._listens.close()
            self._listens = None

    def _spawn(self, account: Sequence[str], switch: int) -> None:
        assert self._listens is not None
        port = self._listens.fileno()
        facts = (str(self._settings.snapshot), str(port), str(switch))
        with (self._settings.root / "net.log").open("wb") as log:
            child = subprocess.Popen(
                [*account, sys.executable, "-I", "-m", "pbx.safety_net", *facts],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", pass_fds=[port], start_new_session=True,
            )  # fmt: skip
        self._pid_file.write_text(str(child.pid), "ascii")
        child.returncode = 0  # Process reaps it

    @property
    def _pid_file(self) -> Path:
        return self._settings.root / "net.pid"

    def _running(self) -> Process | None:
        return Process.find(self._pid_file, str(self._settings.snapshot))


async def _end(process: Process | None) -> None:
    if process:
        await process.stop(_PATIENCE)
        process.close()
