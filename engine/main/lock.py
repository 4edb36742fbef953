"""One engine per home: two would ring the same agents."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from engine.main.problem import Problem


@contextlib.contextmanager
def sole_engine(home: Path) -> Iterator[None]:
    """Hold the home as long as the engine runs; the lock dies with the process. Raises Problem."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o755)
        file = (home / "engine.lock").open("a+")
    except OSError as problem:
        raise Problem(f"{home} cannot be written: {problem.strerror}; set VORZIMMER_HOME to another place") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "?"
            raise Problem(
                f"an engine (process {pid}) runs in {home}: stop it, or set VORZIMMER_HOME to another place"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
