"""Where the engine's time goes: stacks sampled by py-spy while it serves 30 calls a second, summed up by place.

Rule of this file: pure but for the sampling itself; only samples that hold the interpreter count, waiting does not.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_FRAME = re.compile(r"(?P<function>\S+(?: \S+)*?) \((?P<file>[^:()]+)(?::\d+)?\)")
PLACES = {
    "engine/call/": "rules of the call (engine/call)",
    "engine/acd/": "rules of the line (engine/acd)",
    "pbx/ari/": "ARI: frames and JSON (pbx/ari, aiohttp)",
    "aiohttp/": "ARI: frames and JSON (pbx/ari, aiohttp)",
    "pbx/": "decoding events, writing orders (pbx)",
    "engine/store/": "store (engine/store, SQLAlchemy, aiosqlite)",
    "sqlalchemy/": "store (engine/store, SQLAlchemy, aiosqlite)",
    "aiosqlite/": "store (engine/store, SQLAlchemy, aiosqlite)",
    "engine/service/": "exchange, floor, admission (engine/service)",
}
"""What a stack is counted for: the innermost of its frames that is named here."""
OTHER = "event loop and the rest"


async def sample(pid: int, seconds: int, target: Path) -> str:
    """Sample the process; what went wrong, or nothing."""
    program = Path(sys.executable).parent / "py-spy"
    if not program.exists():
        return "py-spy is not installed"
    child = await asyncio.create_subprocess_exec(
        program, "record", "--gil", "-p", str(pid), "-d", str(seconds), "-r", "250", "-f", "raw", "-o", str(target),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, complaint = await child.communicate()
    return "" if child.returncode == 0 else complaint.decode(errors="replace").strip().partition("\n")[0]


def shares(lines: Iterable[str]) -> list[tuple[str, float]]:
    """The share of each place in all samples of py-spy's raw output, the greatest first."""
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, samples = line.rstrip().rpartition(" ")
        if samples.isdigit():
            counts[_place(stack)] += int(samples)
    total = counts.total()
    return [(place, count / total) for place, count in counts.most_common()]


def _place(stack: str) -> str:
    for frame in reversed(stack.split(";")):
        found = _FRAME.fullmatch(frame)
        file = found["file"] if found else ""
        for start, place in PLACES.items():
            if file.startswith(start) or f"/{start}" in file:
                return place
    return OTHER
