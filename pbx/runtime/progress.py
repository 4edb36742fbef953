"""How far a download is, on stderr: one line that grows on a terminal, a line per tenth elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

_STEP = 10


class Progress:
    """One download called `what`; silent without a name."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = -_STEP

    def show(self, percent: float, detail: str = "") -> None:
        """It is so far (0-100); `detail` is for people who watch."""
        if self._what and sys.stderr.isatty():
            print(f"\r\033[K  {self._what}: {percent:.0f} % {detail}", end="", file=sys.stderr, flush=True)
        elif self._what and percent >= self._shown + _STEP:
            self._shown = int(percent // _STEP * _STEP)
            print(f"  {self._what}: {self._shown} %", file=sys.stderr, flush=True)

    def done(self) -> None:
        """It is over."""
        if self._what and sys.stderr.isatty():
            print(file=sys.stderr, flush=True)


@contextmanager
def apt_progress(what: str) -> Iterator[int]:
    """A descriptor for apt's `APT::Status-Fd`, whose figures are shown.

    Source: apt's README.progress-reporting (`dlstatus:<number>:<percent>:<text>`).
    """
    progress = Progress(what)
    reading, writing = os.pipe()
    follower = Thread(target=_follow, args=(progress, reading), daemon=True)
    follower.start()
    try:
        yield writing
    finally:
        os.close(writing)
        follower.join()
        progress.done()


def _follow(progress: Progress, descriptor: int) -> None:
    with os.fdopen(descriptor, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("dlstatus:"):
                _, _, percent, text = line.rstrip("\n").split(":", 3)
                progress.show(float(percent), text)
