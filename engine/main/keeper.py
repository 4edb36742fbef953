"""Keeps an engine alive: a parent that has loaded everything forks it, so that the next one is there at once.

Rules of this file: an engine that was killed, or has died of an error of ours, is followed by another, which goes on
with its calls; one that has ended, or cannot run for a reason that it has told, is not. The engine never outlives its
parent: whoever starts the parent again would find the home taken.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import structlog

CRASHED = 70
"""Exit code of an engine that has died of an error nobody knows (sysexits.h: EX_SOFTWARE)."""
PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the next engine, if the one before has not lived for long; the last one for ever."""
LONG = 30.0
"""Seconds after which an engine has lived for long."""
STOPS = (signal.SIGINT, signal.SIGTERM)
_PR_SET_PDEATHSIG = 1
log = structlog.get_logger()


class _Told(Exception):
    """Ends the pause: somebody has said that all is to stop."""


class _Keeper:
    """The parent's state: which engine there is, and whether all is to stop."""

    def __init__(self, prepare: Callable[[], None]) -> None:
        self.child = self.stop = 0
        self.pauses = False
        self.prepare = prepare

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """An order to stop goes to the engine; a Ctrl-C reaches it twice then, which it does not mind."""
        self.stop = number
        if self.child:
            with suppress(ProcessLookupError):
                os.kill(self.child, number)
        elif self.pauses:
            raise _Told

    def once(self, work: Callable[[bool], None], *, again: bool) -> int:
        """One engine: its exit code, or the negative number of the signal that killed it."""
        parent = os.getpid()
        # The engine takes orders as soon as it can: until then they wait for it.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        self.child = os.fork()
        if self.child == 0:
            for number in STOPS:
                signal.signal(number, signal.SIG_DFL)
            _die_with(parent)
            work(again)
            sys.exit(0)
        if self.stop:
            os.kill(self.child, self.stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        try:
            self._prepare()
            return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        finally:
            self.child = 0

    def _prepare(self) -> None:
        try:
            self.prepare()
        except Exception:  # the engine must not die of it, and will say so itself
            log.exception("keeper_cannot_prepare")

    def rest(self, pause: Callable[[float], None], seconds: float) -> None:
        """Wait, unless all is to stop: then the next engine comes at once and clears everything away."""
        try:
            self.pauses = True
            if not self.stop:
                pause(seconds)
        except _Told:
            pass
        finally:
            self.pauses = False


def keep(
    work: Callable[[bool], None],
    pause: Callable[[float], None] = time.sleep,
    prepare: Callable[[], None] = lambda: None,
) -> NoReturn:
    """Run `work(again)` in a process of its own until it ends; its exit code becomes ours. `again`: not the first.

    `prepare()` loads what the first one loads late, so that the next one has it; twice does no harm.
    `work` begins with SIGINT and SIGTERM blocked: it unblocks them (`STOPS`) when it can take them.
    """
    keeper, short = _Keeper(prepare), 0
    for number in STOPS:
        signal.signal(number, keeper.handle)
    while True:
        began, told = time.monotonic(), keeper.stop
        code = keeper.once(work, again=short > 0)
        if (code >= 0 and code != CRASHED) or told:
            raise SystemExit(code if code >= 0 else 128 - code)
        short = 1 if time.monotonic() - began > LONG else short + 1
        log.error("engine_died", code=code, next_after=PAUSES[min(short, len(PAUSES)) - 1])
        keeper.rest(pause, PAUSES[min(short, len(PAUSES)) - 1])


def _die_with(parent: int) -> None:
    """prctl(2): killed when the parent ends; at once if it has ended already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
