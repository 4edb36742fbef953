"""A process that outlives whoever started it: found again by its pid file, watched and ended by pidfd.

Rule of this file: a signal goes to a process only after its command line has shown that it is ours
(pidfd_open(2): the descriptor stays with that very process, whatever becomes of the number).
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path


class Process:
    """One running process. It need not be our child."""

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd

    @classmethod
    def find(cls, pid_file: Path, argument: str) -> Process | None:
        """The process named in `pid_file`, if it runs and was started with `argument`; else None."""
        try:
            pid = int(pid_file.read_text("ascii"))
            pidfd = os.pidfd_open(pid)
        except (OSError, ValueError):
            return None
        if argument in _command_line(pid):
            return cls(pid, pidfd)
        os.close(pidfd)
        return None

    async def ended(self) -> None:
        """Wait until the process has ended; at once if it has."""
        loop = asyncio.get_running_loop()
        seen = asyncio.Event()
        watched = os.dup(self._pidfd)
        loop.add_reader(watched, seen.set)
        try:
            await seen.wait()
        finally:
            loop.remove_reader(watched)
            os.close(watched)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)  # noqa: ASYNC222 - does not wait

    async def stop(self, patience: float) -> None:
        """Ask the process to end; kill it if it is still there after `patience` seconds."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    return await self.ended()

    def close(self) -> None:
        """Forget the process; it goes on."""
        os.close(self._pidfd)


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", errors="surrogateescape").split("\0")
    except OSError:
        return []
